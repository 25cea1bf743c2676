import { emmettWriter, openEmmett } from '../append/emmett.ts'
import { ledgerWriter } from '../append/ledger.ts'
import { createPlainTable, plainWriter } from '../append/plain.ts'
import type { Bench } from '../bench.ts'
import { medianLatency } from '../timing.ts'

/** Short rounds and many of them: what else the machine does meets all sides alike. */
const calls = 100

export const appendLatency: Bench<'ledger' | 'plain INSERT' | 'emmett'> = {
  name: 'append-latency',
  measures: 'one event through the ledger’s append, all checks on, one connection, p50',
  unit: 'µs',
  subject: 'ledger',
  comparisons: [
    { baseline: 'plain INSERT', goal: 2.2, direction: 'at most' },
    { baseline: 'emmett', goal: 1, direction: 'at most' },
  ],
  rounds: 25,
  warmUp: 2,
  size: { of: 'events there before', usual: 0, growth: [1_000, 10_000, 100_000, 1_000_000] },
  async setUp(context) {
    const database = await context.createDatabase()
    const plain = database.connectPlain({ max: 1 })
    await createPlainTable(plain)
    const append = await ledgerWriter(database.connect({ max: 1 }))
    for (let held = 0; held < context.size; held += 1_000) await append(1_000)
    const insert = plainWriter(plain)
    const appendToStream = emmettWriter(await openEmmett(context, database, { max: 1 }))
    return {
      ledger: () => medianLatency(calls, () => append()),
      'plain INSERT': () => medianLatency(calls, insert),
      emmett: () => medianLatency(calls, appendToStream),
    }
  },
}
