import { once } from 'node:events'
import { systemClock } from '../../../server/clock.ts'
import { createLedger } from '../../../server/ledger/ledger.ts'
import { foldLedger } from '../../../server/projections/fold-ledger.ts'
import { project } from '../../../server/projections/project.ts'
import { openOrganization } from '../../support/ledger.ts'
import { appendMany } from '../append/ledger.ts'
import type { Bench } from '../bench.ts'
import { secondsOf } from '../timing.ts'

export const fold: Bench<'fold' | 'COPY TO'> = {
  name: 'fold',
  measures: 'reading and folding every event of an organization',
  unit: 'events/s',
  subject: 'fold',
  comparisons: [{ baseline: 'COPY TO', goal: 0.25, direction: 'at least' }],
  rounds: 5,
  warmUp: 1,
  size: { of: 'events', usual: 1_000_000, growth: [1_000, 10_000, 100_000, 1_000_000] },
  async setUp({ createDatabase, size, say }) {
    const bench = await createDatabase()
    const database = bench.connect({ max: 2 })
    const plain = bench.connectPlain({ max: 1 })
    const ledger = createLedger({ database, clock: systemClock, project })
    const organizationId = await openOrganization(ledger, { simulated: false })
    say(`appending ${size} events`)
    await appendMany(database, organizationId, size)
    return {
      async fold() {
        const seconds = await secondsOf(() =>
          database.withSnapshot(organizationId, transaction =>
            foldLedger(transaction, organizationId, { upTo: size }),
          ),
        )
        return size / seconds
      },
      async 'COPY TO'() {
        const seconds = await secondsOf(async () => {
          const rows = await plain`copy ledger.events to stdout`.readable()
          rows.resume()
          await once(rows, 'end')
        })
        return size / seconds
      },
    }
  },
}
