import { subjectOf } from '../../domain/alert/causes.ts'
import type { RecordedEvent } from '../../ledger/recorded-event.ts'
import { amended, type Reducer, succeeded } from './reducer.ts'
import type { AlertRow } from './rows.ts'

/** Each alert from its being raised to its end. */
export const alertReducer: Reducer<AlertRow> = {
  change(event) {
    const { position, recordedAt } = event
    if (event.type === 'AlertRaised') {
      const { alertId: id, cause, since, causedAt } = event.payload
      const row: AlertRow = {
        id,
        fromPosition: position,
        toPosition: null,
        kind: cause.kind,
        subject: subjectOf(cause),
        cause,
        since: new Date(since),
        causedAt,
        raisedAt: recordedAt,
        isOpen: true,
        ...untouched,
      }
      return { subject: [id], rows: newest => succeeded(newest, position, () => row) }
    }
    const differing = differingBy(event)
    if (!differing) return null
    const { alertId, ...changes } = differing
    return { subject: [alertId], rows: newest => amended(newest, position, () => changes) }
  },
  subject: ['id'],
  begin: 'fromPosition',
}

const untouched = {
  reminders: 0,
  remindedAt: null,
  acknowledgedAt: null,
  acknowledgedBy: null,
  resolvedAt: null,
  because: null,
} as const

function differingBy(event: RecordedEvent): (Partial<AlertRow> & { alertId: string }) | null {
  const { recordedAt } = event
  switch (event.type) {
    case 'AlertReminded': {
      const { alertId, reminder } = event.payload
      return { alertId, reminders: reminder, remindedAt: recordedAt }
    }
    case 'AlertAcknowledged': {
      const { alertId, userId } = event.payload
      return { alertId, acknowledgedAt: recordedAt, acknowledgedBy: userId }
    }
    case 'AlertResolved': {
      const { alertId, because } = event.payload
      return { alertId, isOpen: false, resolvedAt: recordedAt, because }
    }
    default:
      return null
  }
}
