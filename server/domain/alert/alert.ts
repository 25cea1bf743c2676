import type { z } from 'zod'
import { DomainRefusal } from '../refusal.ts'
import { type AlertCause, endsWhenSeen } from './causes.ts'
import type { alertAcknowledged, alertRaised, alertReminded, alertResolved, Resolution } from './events.ts'

export type AlertEvent =
  | { type: 'AlertRaised'; payload: z.infer<typeof alertRaised> }
  | { type: 'AlertReminded'; payload: z.infer<typeof alertReminded> }
  | { type: 'AlertAcknowledged'; payload: z.infer<typeof alertAcknowledged> }
  | { type: 'AlertResolved'; payload: z.infer<typeof alertResolved> }

/** What is known of an alert that was raised. */
export interface AlertState {
  readonly alertId: string
  readonly cause: AlertCause
  readonly isOpen: boolean
  readonly isAcknowledged: boolean
  readonly raisedAt: Date
  /** Null before the first reminder. */
  readonly remindedAt: Date | null
  readonly reminders: number
}

export type AlertCommand =
  | { type: 'remind' }
  | { type: 'remind_when_due'; at: Date }
  | { type: 'acknowledge'; userId: string }
  | { type: 'resolve'; because: Resolution }

/** Which events a command on a raised alert leads to. No event means that nothing changed. @throws {DomainRefusal} */
export function decideAlert(command: AlertCommand, state: AlertState): AlertEvent[] {
  const { alertId } = state
  switch (command.type) {
    case 'remind':
      return state.isOpen ? [reminded(state)] : []
    case 'remind_when_due':
      return state.isOpen && command.at >= reminderDueAt(state) ? [reminded(state)] : []
    case 'resolve':
      return state.isOpen ? [{ type: 'AlertResolved', payload: { alertId, because: command.because } }] : []
    case 'acknowledge': {
      if (!state.isOpen)
        throw new DomainRefusal('resolved', 'This alert is over: there is nothing left to do.')
      if (state.isAcknowledged) return []
      const seen: AlertEvent = {
        type: 'AlertAcknowledged',
        payload: { alertId, userId: command.userId },
      }
      return endsWhenSeen(state.cause)
        ? [seen, { type: 'AlertResolved', payload: { alertId, because: 'seen' } }]
        : [seen]
    }
  }
}

const day = 86_400_000

/** Reminders come a day after the last word; a week after it where somebody has said that they have seen it. */
export function reminderDueAt({
  raisedAt,
  remindedAt,
  isAcknowledged,
}: Pick<AlertState, 'raisedAt' | 'remindedAt' | 'isAcknowledged'>): Date {
  return new Date((remindedAt ?? raisedAt).getTime() + (isAcknowledged ? 7 : 1) * day)
}

const reminded = ({ alertId, reminders }: AlertState): AlertEvent => ({
  type: 'AlertReminded',
  payload: { alertId, reminder: reminders + 1 },
})
