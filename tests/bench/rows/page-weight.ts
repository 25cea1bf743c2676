import { buildPagesIfNeeded } from '../../../scripts/build.ts'
import type { Bench } from '../bench.ts'
import { weighPages } from '../pages/weigh-pages.ts'

export const pageWeight: Bench<'heaviest page'> = {
  name: 'page-weight',
  measures: 'JavaScript of the heaviest page with the layouts around it, gzipped',
  unit: 'kB',
  subject: 'heaviest page',
  comparisons: [{ baseline: null, goal: 120, direction: 'at most' }],
  rounds: 1,
  warmUp: 0,
  async setUp({ say }) {
    buildPagesIfNeeded()
    const weights = await weighPages()
    for (const { route, kilobytes } of weights.slice(0, 5)) say(`${kilobytes.toFixed(1)} kB ${route}`)
    return { 'heaviest page': async () => weights[0]?.kilobytes ?? Number.NaN }
  },
}
