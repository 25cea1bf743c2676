import { amended, type Reducer, succeeded } from './reducer.ts'
import type { AssessmentRow } from './rows.ts'

/** What each assessment was when: a row for each change, none for what is attached. */
export const assessmentReducer: Reducer<AssessmentRow> = {
  change(event) {
    const { position, recordedAt, actor } = event
    const amend = (id: string, differing: Partial<AssessmentRow>) => ({
      subject: [id],
      rows: (newest: AssessmentRow | undefined) => amended(newest, position, () => differing),
    })
    switch (event.type) {
      case 'AssessmentOpened': {
        const { assessmentId, name, periodFrom, periodTo, controls, catalogueVersion } = event.payload
        const row: AssessmentRow = {
          ...untouched,
          id: assessmentId,
          fromPosition: position,
          toPosition: null,
          name,
          periodFrom: new Date(periodFrom),
          periodTo: new Date(periodTo),
          controls,
          catalogueVersion,
          openedBy: actor,
          openedAt: recordedAt,
        }
        return { subject: [assessmentId], rows: newest => succeeded(newest, position, () => row) }
      }
      case 'AssessmentRenamed':
        return amend(event.payload.assessmentId, { name: event.payload.name })
      case 'AssessmentPeriodChanged': {
        const { assessmentId, periodFrom, periodTo } = event.payload
        return amend(assessmentId, { periodFrom: new Date(periodFrom), periodTo: new Date(periodTo) })
      }
      case 'AssessmentSubmitted': {
        const { assessmentId, submittedBy } = event.payload
        return amend(assessmentId, {
          status: 'submitted',
          submittedBy,
          submittedAt: recordedAt,
          sentBackReason: null,
        })
      }
      case 'AssessmentSentBack': {
        const { assessmentId, reason } = event.payload
        return amend(assessmentId, {
          status: 'open',
          submittedBy: null,
          submittedAt: null,
          sentBackReason: reason,
        })
      }
      case 'AssessmentApproved': {
        const { assessmentId, approvedBy, checkpoint, itemsSealed, itemsGone } = event.payload
        return amend(assessmentId, {
          status: 'approved',
          approvedBy,
          approvedAt: recordedAt,
          checkpointSize: checkpoint.size,
          checkpointRoot: checkpoint.root,
          itemsSealed,
          itemsGone,
        })
      }
      default:
        return null
    }
  },
  subject: ['id'],
  begin: 'fromPosition',
}

const untouched = {
  status: 'open',
  submittedBy: null,
  submittedAt: null,
  sentBackReason: null,
  approvedBy: null,
  approvedAt: null,
  checkpointSize: null,
  checkpointRoot: null,
  itemsSealed: null,
  itemsGone: null,
} as const
