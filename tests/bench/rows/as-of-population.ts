import { type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '../../../db/client.ts'
import { membership } from '../../../db/schema/state.ts'
import { systemClock } from '../../../server/clock.ts'
import { createLedger } from '../../../server/ledger/ledger.ts'
import { digestAsOf } from '../../../server/projections/digest-as-of.ts'
import { digestOf } from '../../../server/projections/fold/digest.ts'
import { foldLedger } from '../../../server/projections/fold-ledger.ts'
import { project } from '../../../server/projections/project.ts'
import { isOpen, stoodAt } from '../../../server/projections/range.ts'
import { openOrganization } from '../../support/ledger.ts'
import type { Bench } from '../bench.ts'
import { playPopulations } from '../past/populations.ts'
import { millisecondsOf } from '../timing.ts'

const subjects = 20_000

export const asOfPopulation: Bench<'past' | 'now' | 'fold from zero'> = {
  name: 'as-of-population',
  measures: 'all 20,000 items of a population as of the middle of its history',
  unit: 'ms',
  subject: 'past',
  comparisons: [
    { baseline: 'now', goal: 2, direction: 'at most' },
    { baseline: 'fold from zero', goal: 15, direction: 'times faster' },
  ],
  rounds: 5,
  warmUp: 1,
  size: { of: 'rows of history', usual: 1_000_000, growth: [100_000, 1_000_000] },
  async setUp({ createDatabase, size, say }) {
    const database = (await createDatabase()).connect({ max: 2 })
    const ledger = createLedger({ database, clock: systemClock, project })
    const organizationId = await openOrganization(ledger, { simulated: false })
    const times = size / subjects
    say(`attaching ${subjects} items ${times} times`)
    await playPopulations(ledger, organizationId, { subjects, times })
    // The organization's first event, then an attachment an event.
    const position = Math.ceil(times / 2)
    const read = <T>(work: (transaction: Transaction) => Promise<T>) =>
      database.withSnapshot(organizationId, work)
    await read(transaction => requireSameDigest(transaction, organizationId, position))
    const population = (transaction: Transaction, held: SQL) =>
      transaction
        .select({ subjectKey: membership.subjectKey, itemHash: membership.itemHash })
        .from(membership)
        .where(
          sql`${membership.organizationId} = ${organizationId} and ${membership.kind} = 'user_inventory' and ${held}`,
        )
    return {
      past: () =>
        millisecondsOf(() => read(transaction => population(transaction, stoodAt(membership, position)))),
      now: () =>
        millisecondsOf(() =>
          read(transaction => population(transaction, isOpen(membership, organizationId))),
        ),
      'fold from zero': () =>
        millisecondsOf(() =>
          read(async transaction => {
            const fold = await foldLedger(transaction, organizationId, { upTo: position })
            return fold.rows('membership')
          }),
        ),
    }
  },
}

/** Both sides answer the same, to the last row. */
async function requireSameDigest(
  transaction: Transaction,
  organizationId: string,
  position: number,
): Promise<void> {
  const stored = await digestAsOf(transaction, organizationId, position)
  const folded = digestOf(await foldLedger(transaction, organizationId, { upTo: position }), position)
  if (stored.projections.membership.rows !== subjects || stored.sha256 !== folded.sha256) {
    throw new Error('the projection as of a position is not what a fold up to it leads to')
  }
}
