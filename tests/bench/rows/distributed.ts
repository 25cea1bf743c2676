import { Database } from '../../../db/client.ts'
import { readCoverage } from '../../../server/coverage/read-coverage.ts'
import { cloneTemplate } from '../../support/clone.ts'
import { openGivenServer } from '../../support/given-server.ts'
import { ledgerWriter } from '../append/ledger.ts'
import type { Bench, BenchContext } from '../bench.ts'
import { repeatRuns } from '../past/runs.ts'
import { startDirectory } from '../sync/directory.ts'
import { openOffice } from '../sync/office.ts'
import { medianLatency } from '../timing.ts'

const addresses = {
  cluster: process.env.DISTRIBUTED_DATABASE_URL,
  plain: process.env.CONTROL_DATABASE_URL,
}
type Side = keyof typeof addresses

const missing = () =>
  addresses.cluster && addresses.plain
    ? null
    : 'there is no cluster. DISTRIBUTED_DATABASE_URL names a Citus coordinator and CONTROL_DATABASE_URL a PostgreSQL without Citus, both as a superuser and for tests alone.'

export const distributedAppend: Bench<Side> = {
  name: 'distributed-append',
  measures: 'one event through the ledger’s append on a cluster, one connection, p50',
  unit: 'µs',
  subject: 'cluster',
  comparisons: [{ baseline: 'plain', goal: 2.5, direction: 'at most' }],
  rounds: 15,
  warmUp: 2,
  missing,
  async setUp(context) {
    const writerOn = async (side: Side) => {
      const append = await ledgerWriter(await databaseOn(context, side))
      return () => medianLatency(100, () => append())
    }
    return { cluster: await writerOn('cluster'), plain: await writerOn('plain') }
  },
}

export const distributedAsOf: Bench<Side> = {
  name: 'distributed-as-of',
  measures: 'coverage with every control as of the middle of the history, on a cluster, p50',
  unit: 'µs',
  subject: 'cluster',
  comparisons: [{ baseline: 'plain', goal: 3, direction: 'at most' }],
  rounds: 11,
  warmUp: 2,
  size: { of: 'runs in the history', usual: 100, growth: [10, 100] },
  missing,
  async setUp(context) {
    return { cluster: await readerOn(context, 'cluster'), plain: await readerOn(context, 'plain') }
  },
}

/** An organization with so many runs behind it, and what reads its coverage as of their middle. */
async function readerOn(context: BenchContext, side: Side): Promise<() => Promise<number>> {
  const directory = await startDirectory(context, 50)
  const office = await openOffice(await databaseOn(context, side), directory)
  context.defer(async () => office.close())
  await office.sync()
  const { ledger, connectors } = office.services
  const { organizationId } = office
  const before = await ledger.resolve(organizationId, { kind: 'now' })
  context.say(`${context.size} runs on ${side}`)
  await repeatRuns(ledger, organizationId, { runs: context.size, signal: context.signal })
  const after = await ledger.resolve(organizationId, { kind: 'now' })
  const position = Math.floor((before.position + after.position) / 2)
  return () =>
    medianLatency(20, () =>
      ledger.query(organizationId, { kind: 'position', position }, (transaction, asOf) =>
        readCoverage(transaction, organizationId, asOf, connectors),
      ),
    )
}

/** A database of the bench's own on a given server. */
async function databaseOn(context: BenchContext, side: Side): Promise<Database> {
  context.say(`preparing ${side}`)
  const server = await openGivenServer(addresses[side] ?? '')
  context.defer(server.stop)
  const maintenance = server.url('admin').replace('{database}', 'postgres')
  const { name, drop } = await cloneTemplate(maintenance, server.workers)
  context.defer(drop)
  const database = new Database(server.url('app').replace('{database}', name), { max: 2 })
  context.defer(() => database.close())
  return database
}
