import { z } from 'zod'
import { sealObstacles } from '../log/events.ts'

/** What an alert can be about. Each is one state that begins, and that ends or is said to be seen. */
export const alertKinds = [
  'connection_stale',
  'authorization_required',
  'secret_expiring',
  'control_failed',
  'export_failed',
  'checkpoint_failed',
  'ledger_fails',
  'sealing_failed',
] as const
export type AlertKind = (typeof alertKinds)[number]

/** The cause with what it is about, by id only. */
export const alertCauseSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('connection_stale'), connectionId: z.uuid(), sourceId: z.uuid() }),
  z.strictObject({
    kind: z.literal('authorization_required'),
    connectionId: z.uuid(),
    remedy: z.enum(['reauthorize', 'fix_application']),
  }),
  z.strictObject({
    kind: z.literal('secret_expiring'),
    connectionId: z.uuid(),
    secretExpiresOn: z.iso.date(),
  }),
  z.strictObject({
    kind: z.literal('control_failed'),
    connectionId: z.uuid(),
    sourceId: z.uuid(),
    controlId: z.string(),
  }),
  z.strictObject({ kind: z.literal('export_failed'), exportId: z.uuid() }),
  z.strictObject({ kind: z.literal('checkpoint_failed'), subscriptionId: z.uuid() }),
  z.strictObject({ kind: z.literal('ledger_fails') }),
  z.strictObject({ kind: z.literal('sealing_failed'), obstacle: z.enum(sealObstacles) }),
])
export type AlertCause = z.infer<typeof alertCauseSchema>

/** What the cause is about, as one word: of each at most one alert is open. */
export function subjectOf(cause: AlertCause): string {
  switch (cause.kind) {
    case 'connection_stale':
    case 'authorization_required':
    case 'secret_expiring':
      return `${cause.kind} ${cause.connectionId}`
    case 'control_failed':
      return `${cause.kind} ${cause.sourceId} ${cause.controlId}`
    case 'export_failed':
      return `${cause.kind} ${cause.exportId}`
    case 'checkpoint_failed':
      return `${cause.kind} ${cause.subscriptionId}`
    case 'ledger_fails':
    case 'sealing_failed':
      return cause.kind
  }
}

/** Causes of which nothing of their own says that they are over: whoever has seen one ends it. */
export const endsWhenSeen = ({ kind }: Pick<AlertCause, 'kind'>): boolean => kind === 'export_failed'
