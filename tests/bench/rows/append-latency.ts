import { emmettWriter, openEmmett } from '../append/emmett.ts'
import { ledgerWriter } from '../append/ledger.ts'
import { createPlainTable, plainWriter } from '../append/plain.ts'
import type { Bench } from '../bench.ts'
import { medianLatency } from '../timing.ts'

const calls = 400

export const appendLatency: Bench<'ledger' | 'plain INSERT' | 'emmett'> = {
  name: 'append-latency',
  measures: 'one event through the ledger’s append, all checks on, one connection, p50',
  unit: 'µs',
  subject: 'ledger',
  comparisons: [
    { baseline: 'plain INSERT', goal: 1.5, direction: 'at most' },
    { baseline: 'emmett', goal: 0.6, direction: 'at most' },
  ],
  rounds: 7,
  warmUp: 1,
  async setUp(context) {
    const database = await context.createDatabase()
    const plain = database.connectPlain({ max: 1 })
    await createPlainTable(plain)
    const writers = {
      ledger: await ledgerWriter(database.connect({ max: 1 })),
      insert: plainWriter(plain),
      emmett: emmettWriter(await openEmmett(context, database)),
    }
    return {
      ledger: () => medianLatency(calls, writers.ledger),
      'plain INSERT': () => medianLatency(calls, writers.insert),
      emmett: () => medianLatency(calls, writers.emmett),
    }
  },
}
