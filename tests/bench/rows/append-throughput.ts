import { emmettWriter, openEmmett } from '../append/emmett.ts'
import { ledgerWriter } from '../append/ledger.ts'
import { createPlainTable, plainWriter } from '../append/plain.ts'
import type { Bench } from '../bench.ts'
import { rateOf } from '../timing.ts'

const seconds = 1

export const appendThroughput: Bench<'ledger' | 'plain INSERT' | 'emmett'> = {
  name: 'append-throughput',
  measures: 'appends of one event each, 16 connections, 16 organizations',
  unit: '/s',
  subject: 'ledger',
  comparisons: [
    { baseline: 'plain INSERT', goal: 0.38, direction: 'at least' },
    { baseline: 'emmett', goal: 1.2, direction: 'at least' },
  ],
  rounds: 11,
  warmUp: 1,
  size: { of: 'connections, as many organizations', usual: 16, growth: [1, 4, 16, 64] },
  async setUp(context) {
    const connections = { max: context.size }
    const database = await context.createDatabase()
    const plain = database.connectPlain(connections)
    await createPlainTable(plain)
    const client = database.connect(connections)
    const emmett = await openEmmett(context, database, connections)
    const each = Array.from({ length: context.size })
    const append = await Promise.all(each.map(() => ledgerWriter(client)))
    const insert = each.map(() => plainWriter(plain))
    const appendToStream = each.map(() => emmettWriter(emmett))
    return {
      ledger: () => rateOf(append, seconds),
      'plain INSERT': () => rateOf(insert, seconds),
      emmett: () => rateOf(appendToStream, seconds),
    }
  },
}
