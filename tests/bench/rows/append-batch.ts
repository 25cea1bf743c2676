import { ledgerWriter } from '../append/ledger.ts'
import { copyPlain, createPlainTable } from '../append/plain.ts'
import type { Bench } from '../bench.ts'
import { millisecondsOf } from '../timing.ts'

export const appendBatch: Bench<'ledger' | 'COPY'> = {
  name: 'append-batch',
  measures: '1,000 events in one call, encoding included',
  unit: 'ms',
  subject: 'ledger',
  comparisons: [{ baseline: 'COPY', goal: 2.8, direction: 'at most' }],
  rounds: 25,
  warmUp: 3,
  size: { of: 'events in a call', usual: 1_000, growth: [1, 10, 100, 1_000, 10_000] },
  async setUp(context) {
    const database = await context.createDatabase()
    const plain = database.connectPlain({ max: 1 })
    await createPlainTable(plain)
    const append = await ledgerWriter(database.connect({ max: 1 }))
    return {
      ledger: () => millisecondsOf(() => append(context.size)),
      COPY: () => millisecondsOf(() => copyPlain(plain, context.size)),
    }
  },
}
