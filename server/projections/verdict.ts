import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { verdict } from '../../db/schema/state.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import { isOpen } from './range.ts'

/** Each control's verdict over time, per source. */
export async function projectVerdict(transaction: Transaction, event: RecordedEvent): Promise<void> {
  if (event.type !== 'ControlEvaluated') return
  const { organizationId, position, recordedAt } = event
  const { controlId, sourceId, ...judged } = event.payload
  await transaction
    .update(verdict)
    .set({ toPosition: position, toAt: recordedAt })
    .where(
      and(isOpen(verdict, organizationId), eq(verdict.controlId, controlId), eq(verdict.sourceId, sourceId)),
    )
  await transaction
    .insert(verdict)
    .values({ organizationId, controlId, sourceId, fromPosition: position, at: recordedAt, ...judged })
}
