import { z } from 'zod'
import { cadences } from './cadence.ts'

const hash = z.string().regex(/^[0-9a-f]{64}$/)

/** From here on somebody outside the database gets the log's checkpoints: by e-mail (a member) or by a webhook. */
export const checkpointSubscribed = z.strictObject({
  subscriptionId: z.uuid(),
  /** One of the two is set. */
  userId: z.uuid().nullable(),
  webhookId: z.uuid().nullable(),
  cadence: z.enum(cadences),
})

/** Why no further checkpoints go out: somebody ended it, the webhook was removed, or the member has no access any more. */
export const checkpointUnsubscribed = z.strictObject({
  subscriptionId: z.uuid(),
  reason: z.enum(['ended', 'webhook_removed', 'access_ended']),
})

/** A checkpoint left the machine: from here on its reader can tell whether the log was rewritten. */
export const checkpointDelivered = z.strictObject({
  subscriptionId: z.uuid(),
  size: z.int().positive(),
  root: hash,
})

/** A checkpoint was not taken by its receiver, however often it was tried. */
export const checkpointDeliveryFailed = z.strictObject({
  subscriptionId: z.uuid(),
  size: z.int().positive(),
  attempts: z.int().positive(),
  explanation: z.string(),
})
