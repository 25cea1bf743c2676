import type postgres from 'postgres'
import type { Bench } from '../bench.ts'
import { startDirectory } from '../sync/directory.ts'
import { openOffice } from '../sync/office.ts'

const unchangedSyncs = 24

export const storage: Bench<'unchanged sync' | 'account'> = {
  name: 'storage',
  measures: 'what the database grows by with an hourly sync in which nothing changed, and with a new account',
  unit: 'bytes',
  subject: 'unchanged sync',
  comparisons: [],
  rounds: 1,
  warmUp: 0,
  size: { of: 'users', usual: 2_000, growth: [100, 2_000, 20_000] },
  async setUp(context) {
    const directory = await startDirectory(context, context.size)
    const database = await context.createDatabase()
    const plain = database.connectPlain({ max: 1 })
    const office = await openOffice(database.connect(), directory)
    context.defer(async () => office.close())
    const empty = await sizeOf(plain)
    await office.sync()
    const first = await sizeOf(plain)
    for (let sync = 0; sync < unchangedSyncs; sync++) await office.sync()
    const later = await sizeOf(plain)
    return {
      'unchanged sync': async () => (later - first) / unchangedSyncs,
      account: async () => (first - empty) / context.size,
    }
  },
}

/** Bytes of the organizations' tables with their indexes, once what was replaced is given free. */
async function sizeOf(plain: postgres.Sql): Promise<number> {
  await plain`vacuum`
  const [row] = await plain<{ bytes: number }[]>`
    select sum(pg_total_relation_size(c.oid))::float8 as bytes
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('ledger', 'state') and c.relkind = 'r'`
  return row?.bytes ?? 0
}
