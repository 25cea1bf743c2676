import type { z } from 'zod'
import { DomainRefusal } from '../refusal.ts'
import type {
  exceptionApproved,
  exceptionRejected,
  exceptionRequested,
  exceptionWithdrawn,
} from './events.ts'
import { type ExceptionRecord, exceptionsAt } from './exceptions-at.ts'

export type ExceptionEvent =
  | { type: 'ExceptionRequested'; payload: z.infer<typeof exceptionRequested> }
  | { type: 'ExceptionApproved'; payload: z.infer<typeof exceptionApproved> }
  | { type: 'ExceptionRejected'; payload: z.infer<typeof exceptionRejected> }
  | { type: 'ExceptionWithdrawn'; payload: z.infer<typeof exceptionWithdrawn> }

interface Decision {
  /** Who decides. */
  userId: string
  reason: string
  now: Date
}

export type ExceptionCommand =
  | { type: 'request'; request: z.infer<typeof exceptionRequested>; now: Date }
  | ({ type: 'approve' | 'reject' | 'withdraw' } & Decision)

export interface ExceptionFacts extends Pick<ExceptionRecord, 'exceptionId' | 'decision' | 'expiresAt'> {
  readonly requestedBy: string
}

/** Null before the exception was asked for. */
export type ExceptionAggregate = ExceptionFacts | null

/**
 * The longest that an exception may last. What holds for longer is no exception but the rule, and a period under
 * examination, which is a year at most, must see it decided anew.
 */
export const longestException = 365 * 86_400_000

/** Which events a command leads to. @throws {DomainRefusal} */
export function decideException(command: ExceptionCommand, state: ExceptionAggregate): ExceptionEvent[] {
  if (command.type === 'request') {
    const { request, now } = command
    if (state) throw new DomainRefusal('requested', 'This exception was asked for already.')
    checkExpiry(new Date(request.expiresAt), now)
    return [{ type: 'ExceptionRequested', payload: request }]
  }
  if (!state) throw new DomainRefusal('unknown', 'There is no such exception.')
  const [standing] = exceptionsAt([state], command.now)
  const payload = {
    exceptionId: state.exceptionId,
    decidedBy: command.userId,
    reason: command.reason,
  }
  switch (command.type) {
    case 'approve':
      if (standing?.state !== 'waiting') throw notWaiting()
      if (command.userId === state.requestedBy) {
        throw new DomainRefusal(
          'self_approval',
          'You asked for this exception yourself. Another person must approve it: a compliance lead, an admin or an owner.',
        )
      }
      return [{ type: 'ExceptionApproved', payload }]
    case 'reject':
      if (standing?.state !== 'waiting') throw notWaiting()
      return [{ type: 'ExceptionRejected', payload }]
    case 'withdraw':
      if (standing?.state !== 'waiting' && standing?.state !== 'in_force') {
        throw new DomainRefusal('ended', 'This exception has ended already. There is nothing to withdraw.')
      }
      return [{ type: 'ExceptionWithdrawn', payload }]
  }
}

export function evolveException(state: ExceptionAggregate, event: ExceptionEvent): ExceptionAggregate {
  switch (event.type) {
    case 'ExceptionRequested': {
      const { exceptionId, requestedBy, expiresAt } = event.payload
      return { exceptionId, requestedBy, decision: 'requested', expiresAt: new Date(expiresAt) }
    }
    case 'ExceptionApproved':
      return state && { ...state, decision: 'approved' }
    case 'ExceptionRejected':
      return state && { ...state, decision: 'rejected' }
    case 'ExceptionWithdrawn':
      return state && { ...state, decision: 'withdrawn' }
  }
}

/** @throws {DomainRefusal} for an end that lies in the past or further ahead than an exception may last */
function checkExpiry(expiresAt: Date, now: Date): void {
  if (expiresAt <= now) throw new DomainRefusal('past', 'The exception must end in the future.')
  if (expiresAt.getTime() - now.getTime() > longestException + 86_400_000) {
    throw new DomainRefusal(
      'too_long',
      'An exception lasts a year at most. Choose an earlier day; it can be asked for again.',
    )
  }
}

const notWaiting = () =>
  new DomainRefusal('not_waiting', 'This exception no longer waits for a decision. Look at it again.')
