import { z } from 'zod'
import { alertCauseSchema } from './causes.ts'

const alertId = z.uuid()

/** Something turned that people are to be told of. */
export const alertRaised = z.strictObject({
  alertId,
  cause: alertCauseSchema,
  /** Since when it is so: where it was noticed late, before the event. */
  since: z.iso.datetime(),
  /** The position of the event that it follows from. */
  causedAt: z.int().nonnegative(),
})

/** It is still so a day later, or its end has come nearer. */
export const alertReminded = z.strictObject({ alertId, reminder: z.int().positive() })

/** A person says that they have seen it. */
export const alertAcknowledged = z.strictObject({ alertId, userId: z.uuid() })

export const resolutions = [
  'recovered',
  'authorized',
  'secret_replaced',
  'passes',
  'export_completed',
  'delivered',
  'unsubscribed',
  'holds',
  'sealed',
  'revoked',
  'seen',
] as const
export type Resolution = (typeof resolutions)[number]

/** It is no longer so, or nobody has to do anything about it any more. */
export const alertResolved = z.strictObject({ alertId, because: z.enum(resolutions) })
