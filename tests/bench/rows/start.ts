import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDemo } from '../../../scripts/demo-process.ts'
import type { Bench } from '../bench.ts'
import { millisecondsOf } from '../timing.ts'

export const start: Bench<'second start'> = {
  name: 'start',
  measures: 'the demo, installed, built and started before, until its first page is read',
  unit: 's',
  subject: 'second start',
  comparisons: [],
  rounds: 3,
  // The first start makes the database.
  warmUp: 1,
  async setUp({ defer }) {
    const state = await mkdtemp(join(tmpdir(), 'attestry-start-'))
    // Under root PostgreSQL runs as another user, who must be able to enter.
    await chmod(state, 0o755)
    defer(() => rm(state, { recursive: true, force: true }))
    return {
      'second start': async () => {
        let stop = async () => {}
        const milliseconds = await millisecondsOf(async () => {
          const demo = await startDemo({ state })
          stop = demo.stop
          const page = await fetch(`${demo.origin}/login`)
          await page.text()
          if (!page.ok) throw new Error(`the first page was answered with ${page.status}`)
        })
        await stop()
        return milliseconds / 1_000
      },
    }
  },
}
