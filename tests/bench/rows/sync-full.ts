import type { Bench } from '../bench.ts'
import { startDirectory } from '../sync/directory.ts'
import { openFloor } from '../sync/floor.ts'
import { openOffice } from '../sync/office.ts'
import { secondsOf } from '../timing.ts'

export const syncFull: Bench<'first sync' | 'floor'> = {
  name: 'sync-full',
  measures: 'a first sync of every kind, pacing off, to committed evidence and verdicts',
  unit: 's',
  subject: 'first sync',
  comparisons: [{ baseline: 'floor', goal: 3, direction: 'at most' }],
  rounds: 3,
  warmUp: 0,
  size: { of: 'users', usual: 100_000, growth: [1_000, 10_000, 100_000, 1_000_000] },
  async setUp(context) {
    const directory = await startDirectory(context, context.size)
    const floor = await openFloor(directory)
    return {
      // A database of its own each time: one in which nothing was synced before has no statistics either.
      'first sync': async () => {
        const database = await context.createDatabase()
        const office = await openOffice(database.connect(), directory)
        const seconds = await secondsOf(office.sync)
        office.close()
        return seconds
      },
      floor: () => secondsOf(floor),
    }
  },
}
