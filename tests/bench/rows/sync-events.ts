import type { Bench } from '../bench.ts'
import { startDirectory } from '../sync/directory.ts'
import { openOffice } from '../sync/office.ts'

export const syncEvents: Bench<'unchanged sync'> = {
  name: 'sync-events',
  measures: 'events that an hourly sync appends in which nothing changed',
  unit: 'events',
  subject: 'unchanged sync',
  comparisons: [],
  rounds: 3,
  warmUp: 1,
  async setUp(context) {
    const database = await context.createDatabase()
    const office = await openOffice(database.connect(), await startDirectory(context, 100))
    context.defer(async () => office.close())
    const { ledger } = office.services
    const recorded = () =>
      ledger.query(office.organizationId, { kind: 'now' }, async (_, { position }) => position + 1)
    await office.sync()
    return {
      'unchanged sync': async () => {
        const before = await recorded()
        await office.sync()
        return (await recorded()) - before
      },
    }
  },
}
