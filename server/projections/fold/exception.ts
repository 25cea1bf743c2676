import { amended, type Reducer, succeeded } from './reducer.ts'
import type { ExceptionRow } from './rows.ts'

/** Each exception with the last decision on it. That it expired is told by the instant alone. */
export const exceptionReducer: Reducer<ExceptionRow> = {
  change(event) {
    const { position, recordedAt } = event
    switch (event.type) {
      case 'ExceptionRequested': {
        const { subject, expiresAt, ...request } = event.payload
        const row: ExceptionRow = {
          ...request,
          fromPosition: position,
          toPosition: null,
          subjectKind: subject.kind,
          subjectId: subject.id,
          requestedAt: recordedAt,
          expiresAt: new Date(expiresAt),
          decision: 'requested',
          decidedBy: null,
          decidedAt: null,
          decisionReason: null,
        }
        return { subject: [request.exceptionId], rows: newest => succeeded(newest, position, () => row) }
      }
      case 'ExceptionApproved':
      case 'ExceptionRejected':
      case 'ExceptionWithdrawn': {
        const { exceptionId, decidedBy, reason: decisionReason } = event.payload
        const decision = decisions[event.type]
        return {
          subject: [exceptionId],
          rows: newest =>
            amended(newest, position, () => ({ decision, decidedBy, decidedAt: recordedAt, decisionReason })),
        }
      }
      default:
        return null
    }
  },
  subject: ['exceptionId'],
  begin: 'fromPosition',
}

const decisions = {
  ExceptionApproved: 'approved',
  ExceptionRejected: 'rejected',
  ExceptionWithdrawn: 'withdrawn',
} as const
