import { and, desc, eq, gte } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { kindStatus, successChain } from '../../db/schema/state.ts'
import { evidenceKind } from '../domain/evidence/kinds.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import { isOpen } from './range.ts'

type EvidenceEvent = Extract<
  RecordedEvent,
  { type: 'EvidenceAttached' | 'EvidenceReaffirmed' | 'EvidenceUnavailable' }
>

/** What each run found of each kind, and the chains of successes that coverage over time is drawn from. */
export async function projectKindStatus(transaction: Transaction, event: RecordedEvent): Promise<void> {
  if (
    event.type !== 'EvidenceAttached' &&
    event.type !== 'EvidenceReaffirmed' &&
    event.type !== 'EvidenceUnavailable'
  ) {
    return
  }
  const previous = await closeOpenRow(transaction, event)
  const isSuccess = event.type !== 'EvidenceUnavailable'
  const { organizationId, position, recordedAt } = event
  const { connectionId, sourceId, runId, kind } = event.payload
  await transaction.insert(kindStatus).values({
    organizationId,
    sourceId,
    kind,
    fromPosition: position,
    connectionId,
    runId,
    at: recordedAt,
    ...found(event, previous),
    lastSuccessAt: isSuccess ? recordedAt : (previous?.lastSuccessAt ?? null),
  })
  if (isSuccess) await lengthenChain(transaction, event)
}

async function closeOpenRow(transaction: Transaction, event: EvidenceEvent) {
  const [row] = await transaction
    .update(kindStatus)
    .set({ toPosition: event.position })
    .where(
      and(
        isOpen(kindStatus, event.organizationId),
        eq(kindStatus.sourceId, event.payload.sourceId),
        eq(kindStatus.kind, event.payload.kind),
      ),
    )
    .returning()
  return row
}

function found(event: EvidenceEvent, previous: typeof kindStatus.$inferSelect | undefined) {
  if (event.type === 'EvidenceUnavailable') {
    const { reason, explanation } = event.payload
    return {
      outcome: 'unavailable',
      reason,
      explanation,
      // What was attached before still stands, and ages.
      evidenceId: previous?.evidenceId ?? null,
      fingerprint: previous?.fingerprint ?? null,
      itemCount: previous?.itemCount ?? null,
      licenceAnswers: reason === 'licence' ? Math.min((previous?.licenceAnswers ?? 0) + 1, 100) : 0,
    }
  }
  const { evidenceId, fingerprint, itemCount } = event.payload
  return {
    outcome: event.type === 'EvidenceAttached' ? 'collected' : 'reaffirmed',
    evidenceId,
    fingerprint: Buffer.from(fingerprint, 'hex'),
    itemCount,
    licenceAnswers: 0,
  }
}

async function lengthenChain(transaction: Transaction, event: EvidenceEvent) {
  const { organizationId, recordedAt } = event
  const { sourceId, kind } = event.payload
  const { staleAfter } = evidenceKind(kind)
  const [latest] = await transaction
    .select({ firstAt: successChain.firstAt })
    .from(successChain)
    .where(
      and(
        eq(successChain.organizationId, organizationId),
        eq(successChain.sourceId, sourceId),
        eq(successChain.kind, kind),
        gte(successChain.lastAt, new Date(recordedAt.getTime() - staleAfter)),
      ),
    )
    .orderBy(desc(successChain.firstAt))
    .limit(1)
  if (latest) {
    await transaction
      .update(successChain)
      .set({ lastAt: recordedAt })
      .where(
        and(
          eq(successChain.organizationId, organizationId),
          eq(successChain.sourceId, sourceId),
          eq(successChain.kind, kind),
          eq(successChain.firstAt, latest.firstAt),
        ),
      )
  } else {
    await transaction
      .insert(successChain)
      .values({ organizationId, sourceId, kind, firstAt: recordedAt, lastAt: recordedAt })
  }
}
