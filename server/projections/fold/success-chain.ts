import { evidenceKind } from '../../domain/evidence/kinds.ts'
import type { Reducer } from './reducer.ts'
import type { SuccessChainRow } from './rows.ts'

/** Successes of a kind that followed each other within its stale threshold: coverage over time is drawn from them. */
export const successChainReducer: Reducer<SuccessChainRow> = {
  change(event) {
    if (event.type !== 'EvidenceAttached' && event.type !== 'EvidenceReaffirmed') return null
    const { recordedAt } = event
    const { sourceId, kind } = event.payload
    const { staleAfter } = evidenceKind(kind)
    return {
      subject: [sourceId, kind],
      rows: newest =>
        newest && recordedAt.getTime() - newest.lastAt.getTime() <= staleAfter
          ? [{ ...newest, lastAt: recordedAt }]
          : [{ sourceId, kind, firstAt: recordedAt, lastAt: recordedAt }],
    }
  },
  subject: ['sourceId', 'kind'],
  begin: 'firstAt',
}
