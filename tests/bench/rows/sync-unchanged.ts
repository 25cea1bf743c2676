import type { Bench } from '../bench.ts'
import { startDirectory } from '../sync/directory.ts'
import { openFloor } from '../sync/floor.ts'
import { openOffice } from '../sync/office.ts'
import { secondsOf } from '../timing.ts'

export const syncUnchanged: Bench<'next sync' | 'floor'> = {
  name: 'sync-unchanged',
  measures: 'the next sync of every kind, pacing off, in which nothing changed',
  unit: 's',
  subject: 'next sync',
  comparisons: [{ baseline: 'floor', goal: 1.2, direction: 'at most' }],
  rounds: 5,
  warmUp: 1,
  size: { of: 'users', usual: 100_000, growth: [1_000, 10_000, 100_000, 1_000_000] },
  async setUp(context) {
    const directory = await startDirectory(context, context.size)
    const floor = await openFloor(directory)
    const database = await context.createDatabase()
    const office = await openOffice(database.connect(), directory)
    context.defer(async () => office.close())
    await office.sync()
    return { 'next sync': () => secondsOf(office.sync), floor: () => secondsOf(floor) }
  },
}
