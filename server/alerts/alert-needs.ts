import { and, eq, inArray } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { alert } from '../../db/schema/state.ts'
import type { Need } from '../coverage/need.ts'
import { alertCauseSchema } from '../domain/alert/causes.ts'
import { alertWords } from '../domain/alert/words.ts'
import { holdsAt } from '../projections/range.ts'

/** What is open and about the log itself: of everything else a directory's own needs tell. */
export async function alertNeeds(
  transaction: Transaction,
  organizationId: string,
  position: number,
): Promise<Need[]> {
  const rows = await transaction
    .select()
    .from(alert)
    .where(
      and(
        holdsAt(alert, organizationId, position),
        eq(alert.isOpen, true),
        inArray(alert.kind, ['export_failed', 'checkpoint_failed', 'ledger_fails', 'sealing_failed']),
      ),
    )
    .orderBy(alert.raisedAt)
  return rows.map(({ id, cause, since }) => {
    const known = alertCauseSchema.parse(cause)
    const { title, meaning, step } = alertWords(known, '')
    return {
      key: id,
      tone: known.kind === 'ledger_fails' ? 'fail' : 'notice',
      title,
      text: meaning,
      since,
      step,
    }
  })
}
