import type { Bench } from '../bench.ts'
import { exportingOrganization } from '../export/exporting-organization.ts'

const megabyte = 1_000_000

export const exportMemory: Bench<'export'> = {
  name: 'export-memory',
  measures: 'growth of the resident memory of a process that makes the archive of a whole organization',
  unit: 'MB',
  subject: 'export',
  comparisons: [{ baseline: null, goal: 200, direction: 'at most' }],
  rounds: 1,
  warmUp: 0,
  size: { of: 'events', usual: 1_000_000, growth: [1_000, 10_000, 100_000, 1_000_000] },
  async setUp(context) {
    const organization = await exportingOrganization(context)
    return {
      async export() {
        const { peak, before, seconds, archiveBytes } = await organization.build()
        const made = `${Math.round(archiveBytes / megabyte)} MB in ${seconds.toFixed(1)} s`
        context.say(`${made}, at most ${Math.round(peak / megabyte)} MB resident`)
        return (peak - before) / megabyte
      },
    }
  },
}
