import type { RecordedEvent } from '../../ledger/recorded-event.ts'
import { type Reducer, succeeded } from './reducer.ts'
import type { KindStatusRow } from './rows.ts'

/** What each run found of each kind. */
export const kindStatusReducer: Reducer<KindStatusRow> = {
  change(event) {
    if (!isOfEvidence(event)) return null
    const { position, recordedAt: at } = event
    const { connectionId, sourceId, runId, kind } = event.payload
    return {
      subject: [sourceId, kind],
      rows: newest =>
        succeeded(newest, position, previous => ({
          sourceId,
          kind,
          fromPosition: position,
          toPosition: null,
          connectionId,
          runId,
          at,
          ...found(event, previous),
        })),
    }
  },
  subject: ['sourceId', 'kind'],
  begin: 'fromPosition',
}

type EvidenceEvent = Extract<
  RecordedEvent,
  { type: 'EvidenceAttached' | 'EvidenceReaffirmed' | 'EvidenceUnavailable' }
>

const isOfEvidence = (event: RecordedEvent): event is EvidenceEvent =>
  event.type === 'EvidenceAttached' ||
  event.type === 'EvidenceReaffirmed' ||
  event.type === 'EvidenceUnavailable'

function found(event: EvidenceEvent, previous: KindStatusRow | undefined) {
  if (event.type === 'EvidenceUnavailable') {
    const { reason, explanation } = event.payload
    return {
      outcome: 'unavailable' as const,
      reason,
      explanation,
      // What was attached before still stands, and ages.
      evidenceId: previous?.evidenceId ?? null,
      fingerprint: previous?.fingerprint ?? null,
      itemCount: previous?.itemCount ?? null,
      lastSuccessAt: previous?.lastSuccessAt ?? null,
      licenceAnswers: reason === 'licence' ? Math.min((previous?.licenceAnswers ?? 0) + 1, 100) : 0,
    }
  }
  const { evidenceId, fingerprint, itemCount } = event.payload
  return {
    outcome: event.type === 'EvidenceAttached' ? ('collected' as const) : ('reaffirmed' as const),
    reason: null,
    explanation: null,
    evidenceId,
    fingerprint,
    itemCount,
    lastSuccessAt: event.recordedAt,
    licenceAnswers: 0,
  }
}
