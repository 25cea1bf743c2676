import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { run } from '../../db/schema/state.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'

const outcomes = { SyncSucceeded: 'succeeded', SyncPartlySucceeded: 'partly', SyncFailed: 'failed' } as const

/** Every run with its start, its end and what came of each kind. */
export async function projectRun(transaction: Transaction, event: RecordedEvent): Promise<void> {
  const { organizationId, position, recordedAt } = event
  if (event.type === 'SyncStarted') {
    const { runId, connectionId, sourceId, trigger } = event.payload
    await transaction.insert(run).values({
      organizationId,
      id: runId,
      connectionId,
      sourceId,
      trigger,
      startedPosition: position,
      startedAt: recordedAt,
    })
  } else if (
    event.type === 'SyncSucceeded' ||
    event.type === 'SyncPartlySucceeded' ||
    event.type === 'SyncFailed'
  ) {
    const kinds = Object.fromEntries(
      event.payload.kinds.map(({ kind, outcome, reason, items }) => [
        kind,
        { outcome, ...(reason === null ? {} : { reason }), ...(items === null ? {} : { items }) },
      ]),
    )
    await transaction
      .update(run)
      .set({
        finishedPosition: position,
        finishedAt: recordedAt,
        outcome: outcomes[event.type],
        explanation: event.type === 'SyncFailed' ? event.payload.explanation : null,
        kinds,
      })
      .where(and(eq(run.organizationId, organizationId), eq(run.id, event.payload.runId)))
  }
}
