import type { Verdict } from '../control/judgement.ts'
import type { DomainEvent } from '../events.ts'
import { type AlertCause, subjectOf } from './causes.ts'
import type { Resolution } from './events.ts'

/** An open alert, as far as the policy looks at it. */
export interface OpenAlert {
  readonly alertId: string
  readonly cause: AlertCause
}

/** What follows from an event for alerts. */
export type AlertEffect =
  | { do: 'raise'; cause: AlertCause; since: Date }
  | { do: 'remind'; alertId: string }
  | { do: 'resolve'; alertId: string; because: Resolution }

/** What the policy is told besides the event. */
export interface KnownOfAlerts {
  readonly open: readonly OpenAlert[]
  /** Of a verdict: the last one before it that was pass or fail; null where there was none. */
  readonly lastDecided: Verdict | null
}

type Happened = DomainEvent & { recordedAt: Date }

/**
 * Which alerts an event raises, reminds of and resolves. A transition raises at most one: what is open already stays
 * the one it is. A control's first verdict is no transition: what was never seen to pass has not turned.
 */
export function alertEffects(event: Happened, { open, lastDecided }: KnownOfAlerts): AlertEffect[] {
  const resolve = (because: Resolution, isIt: (cause: AlertCause) => boolean): AlertEffect[] =>
    open.filter(({ cause }) => isIt(cause)).map(({ alertId }) => ({ do: 'resolve', alertId, because }))
  const raise = (cause: AlertCause, since: Date = event.recordedAt): AlertEffect[] =>
    open.some(each => subjectOf(each.cause) === subjectOf(cause)) ? [] : [{ do: 'raise', cause, since }]
  switch (event.type) {
    case 'ConnectionBecameStale': {
      const { connectionId, sourceId, staleSince } = event.payload
      return raise({ kind: 'connection_stale', connectionId, sourceId }, new Date(staleSince))
    }
    case 'ConnectionRecovered':
      return resolve('recovered', isOf('connection_stale', event.payload))
    case 'ReauthorizationRequired': {
      const { connectionId, remedy } = event.payload
      return raise({ kind: 'authorization_required', connectionId, remedy })
    }
    case 'ConnectionReauthorized':
      return resolve('authorized', isOf('authorization_required', event.payload))
    case 'ClientSecretExpiryNoticed': {
      const { connectionId, secretExpiresOn } = event.payload
      const known = open.find(({ cause }) => isOf('secret_expiring', event.payload)(cause))
      if (known) return [{ do: 'remind', alertId: known.alertId }]
      return raise({ kind: 'secret_expiring', connectionId, secretExpiresOn })
    }
    case 'ClientSecretReplaced':
      return resolve(
        'secret_replaced',
        cause =>
          isOf('secret_expiring', event.payload)(cause) ||
          // A sign-in that was refused stays refused.
          (isOf('authorization_required', event.payload)(cause) &&
            'remedy' in cause &&
            cause.remedy === 'fix_application'),
      )
    case 'ConnectionRevoked': {
      const { connectionId } = event.payload
      return resolve('revoked', cause => 'connectionId' in cause && cause.connectionId === connectionId)
    }
    case 'ControlEvaluated': {
      const { controlId, sourceId, connectionId, verdict } = event.payload
      const cause: AlertCause = { kind: 'control_failed', controlId, sourceId, connectionId }
      if (verdict === 'pass') return resolve('passes', each => subjectOf(each) === subjectOf(cause))
      return verdict === 'fail' && lastDecided === 'pass' ? raise(cause) : []
    }
    case 'ExportFailed':
      return raise({ kind: 'export_failed', exportId: event.payload.exportId })
    case 'ExportCompleted':
      return resolve('export_completed', ({ kind }) => kind === 'export_failed')
    case 'CheckpointDeliveryFailed':
      return raise({ kind: 'checkpoint_failed', subscriptionId: event.payload.subscriptionId })
    case 'CheckpointDelivered':
      return resolve('delivered', ofSubscription(event.payload))
    case 'CheckpointUnsubscribed':
      return resolve('unsubscribed', ofSubscription(event.payload))
    case 'LedgerVerified':
      return event.payload.outcome === 'fails'
        ? raise({ kind: 'ledger_fails' })
        : resolve('holds', ({ kind }) => kind === 'ledger_fails')
    case 'SealingFailed':
      return raise({ kind: 'sealing_failed', obstacle: event.payload.obstacle })
    case 'SealingResumed':
      return resolve('sealed', ({ kind }) => kind === 'sealing_failed')
    default:
      return []
  }
}

/** Types of events that can have an effect: of others nothing has to be looked up. */
const effective: ReadonlySet<DomainEvent['type']> = new Set<DomainEvent['type']>([
  'ConnectionBecameStale',
  'ConnectionRecovered',
  'ReauthorizationRequired',
  'ConnectionReauthorized',
  'ClientSecretExpiryNoticed',
  'ClientSecretReplaced',
  'ConnectionRevoked',
  'ControlEvaluated',
  'ExportFailed',
  'ExportCompleted',
  'CheckpointDeliveryFailed',
  'CheckpointDelivered',
  'CheckpointUnsubscribed',
  'LedgerVerified',
  'SealingFailed',
  'SealingResumed',
])

/** Whether an event may raise or resolve anything. A verdict that decides nothing does not. */
export const mayAlert = (event: DomainEvent): boolean =>
  event.type === 'ControlEvaluated'
    ? event.payload.verdict === 'pass' || event.payload.verdict === 'fail'
    : effective.has(event.type)

const isOf =
  (kind: AlertCause['kind'], { connectionId }: { connectionId: string }) =>
  (cause: AlertCause): boolean =>
    cause.kind === kind && 'connectionId' in cause && cause.connectionId === connectionId

const ofSubscription =
  ({ subscriptionId }: { subscriptionId: string }) =>
  (cause: AlertCause): boolean =>
    cause.kind === 'checkpoint_failed' && cause.subscriptionId === subscriptionId
