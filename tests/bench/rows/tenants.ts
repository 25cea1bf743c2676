import { callerOf } from '../../support/caller.ts'
import type { Bench, BenchContext, BenchDatabase } from '../bench.ts'
import { openFullOrganization } from '../past/month.ts'
import { copyOrganization } from '../past/neighbours.ts'
import { startDirectory } from '../sync/directory.ts'
import { openOffice } from '../sync/office.ts'
import { medianLatency } from '../timing.ts'

const users = 1_000
const smallUsers = 3
const calls = 20

export const tenants: Bench<'among others' | 'alone'> = {
  name: 'tenants',
  measures: 'what an overview is made of, with 10,000 organizations in the database, p50',
  unit: 'µs',
  subject: 'among others',
  comparisons: [{ baseline: 'alone', goal: 1.2, direction: 'at most' }],
  rounds: 9,
  warmUp: 2,
  size: { of: 'organizations', usual: 10_000, growth: [1, 100, 10_000] },
  async setUp(context) {
    return {
      'among others': await openAmong(context, context.size - 1),
      alone: await openAmong(context, 0),
    }
  },
}

/** A full organization beside so many small ones, and what reads its overview. */
async function openAmong(context: BenchContext, others: number): Promise<() => Promise<number>> {
  const database = await context.createDatabase()
  const { services, slug, owner } = await openFullOrganization(context, database, users)
  if (others > 0) {
    context.say(`${others} organizations beside it`)
    await addNeighbours(context, database, others)
  }
  const caller = callerOf(services, { id: owner.userId, name: 'Ada Owner', email: owner.email })
  return () =>
    medianLatency(calls, async () => {
      await caller.organizations.shell({ organization: slug })
      await caller.coverage.overview({ organization: slug })
    })
}

/** One small organization that synced twice, and copies of it. */
async function addNeighbours(context: BenchContext, database: BenchDatabase, count: number): Promise<void> {
  const directory = await startDirectory(context, smallUsers)
  const small = await openOffice(database.connect({ max: 2 }), directory)
  context.defer(async () => small.close())
  await small.sync()
  await small.sync()
  if (count === 1) return
  const { organizationId } = small
  await copyOrganization(database.connectPlain({ max: 1 }), { organizationId, copies: count - 1 })
}
