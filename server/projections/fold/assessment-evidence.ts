import { type Reducer, succeeded } from './reducer.ts'
import type { AssessmentEvidenceRow } from './rows.ts'

/** What was attached to an assessment when, and for which moment. */
export const assessmentEvidenceReducer: Reducer<AssessmentEvidenceRow> = {
  change(event) {
    const { position: fromPosition } = event
    switch (event.type) {
      case 'AssessmentEvidenceAttached': {
        const { instant, position: atPosition, ...payload } = event.payload
        const row = {
          ...payload,
          fromPosition,
          toPosition: null,
          instant: new Date(instant),
          atPosition,
        }
        return {
          subject: [payload.assessmentId, payload.attachmentId],
          rows: newest => succeeded(newest, fromPosition, () => row),
        }
      }
      case 'AssessmentEvidenceDetached': {
        const { assessmentId, attachmentId } = event.payload
        return {
          subject: [assessmentId, attachmentId],
          rows: newest => succeeded(newest, fromPosition, () => null),
        }
      }
      default:
        return null
    }
  },
  subject: ['assessmentId', 'attachmentId'],
  begin: 'fromPosition',
}
