import { readCoverage } from '../../../server/coverage/read-coverage.ts'
import type { Bench, BenchContext } from '../bench.ts'
import { repeatRuns } from '../past/runs.ts'
import { startDirectory } from '../sync/directory.ts'
import { openOffice } from '../sync/office.ts'
import { medianLatency } from '../timing.ts'

const users = 50
const calls = 20

export const asOfCoverage: Bench<'whole history' | 'a hundredth of it'> = {
  name: 'as-of-coverage',
  measures: 'coverage with every control as of the middle of the history, p50',
  unit: 'µs',
  subject: 'whole history',
  comparisons: [{ baseline: 'a hundredth of it', goal: 1.5, direction: 'at most' }],
  rounds: 11,
  warmUp: 2,
  size: { of: 'runs in the history', usual: 1_000, growth: [100, 1_000] },
  async setUp(context) {
    return {
      'whole history': await openHistory(context, context.size),
      'a hundredth of it': await openHistory(context, Math.max(1, Math.round(context.size / 100))),
    }
  },
}

/** An organization with so many runs behind it, and what reads its coverage as of their middle. */
async function openHistory(context: BenchContext, runs: number): Promise<() => Promise<number>> {
  const directory = await startDirectory(context, users)
  const database = (await context.createDatabase()).connect({ max: 2 })
  const office = await openOffice(database, directory)
  context.defer(async () => office.close())
  await office.sync()
  const { ledger, connectors } = office.services
  const { organizationId } = office
  const before = await ledger.resolve(organizationId, { kind: 'now' })
  context.say(`${runs} runs`)
  await repeatRuns(ledger, organizationId, { runs, signal: context.signal })
  const after = await ledger.resolve(organizationId, { kind: 'now' })
  const middle = Math.floor((before.position + after.position) / 2)
  return () =>
    medianLatency(calls, () =>
      ledger.query(organizationId, { kind: 'position', position: middle }, (transaction, asOf) =>
        readCoverage(transaction, organizationId, asOf, connectors),
      ),
    )
}
