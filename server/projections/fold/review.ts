import { type Change, type Reducer, succeeded } from './reducer.ts'
import type { ReviewRow } from './rows.ts'

/** What people looked at and said of it: changes of the policies, risky sign-ins, lists of guests. */
export const reviewReducer: Reducer<ReviewRow> = {
  change(event) {
    const { position, recordedAt: at, actor } = event
    const reviewed = (
      row: Pick<ReviewRow, 'sourceId' | 'kind' | 'subjectId'> & Partial<ReviewRow>,
    ): Change<ReviewRow> => {
      const subjectId = row.subjectId.toLowerCase()
      return {
        subject: [row.sourceId, row.kind, subjectId],
        rows: newest =>
          succeeded(newest, position, () => ({
            ...nothingSaid,
            doneAt: at,
            at,
            actor,
            ...row,
            subjectId,
            fromPosition: position,
            toPosition: null,
          })),
      }
    }
    switch (event.type) {
      case 'PolicyChangeAcknowledged': {
        const { sourceId, evidenceId, note } = event.payload
        return reviewed({ sourceId, kind: 'policy_change', subjectId: evidenceId, note })
      }
      case 'SignInSettled':
      case 'SettlementCorrected': {
        const { sourceId, subjectKey, outcome, reason: note, settledAt } = event.payload
        return reviewed({
          sourceId,
          kind: 'sign_in',
          subjectId: subjectKey,
          outcome,
          note,
          doneAt: settledAt === null ? at : new Date(settledAt),
        })
      }
      case 'GuestsReviewed': {
        const { sourceId, listPosition, count: listCount, fingerprint: listFingerprint, note } = event.payload
        return reviewed({
          sourceId,
          kind: 'guests',
          subjectId: sourceId,
          listPosition,
          listCount,
          listFingerprint,
          note,
        })
      }
      default:
        return null
    }
  },
  subject: ['sourceId', 'kind', 'subjectId'],
  begin: 'fromPosition',
}

const nothingSaid = { outcome: null, note: null, listPosition: null, listCount: null, listFingerprint: null }
