import { z } from 'zod'
import { alertKinds } from '../alert/causes.ts'

const channelId = z.uuid()
const causes = z.array(z.enum(alertKinds))

/** From here on alerts of these causes go to a member by e-mail or to a webhook. */
export const alertChannelOpened = z.strictObject({
  channelId,
  /** One of the two is set. */
  userId: z.uuid().nullable(),
  webhookId: z.uuid().nullable(),
  causes,
})

/** From here on it gets alerts of these causes. */
export const alertChannelChanged = z.strictObject({ channelId, causes })

/** Why no further alerts go out: somebody ended it, the webhook was removed, or the member has no access any more. */
export const alertChannelClosed = z.strictObject({
  channelId,
  reason: z.enum(['ended', 'webhook_removed', 'access_ended']),
})

/** Somebody had a test message sent. */
export const alertChannelTested = z.strictObject({
  channelId,
  isDelivered: z.boolean(),
  /** The HTTP status of the answer, where there was one. */
  status: z.int().nullable(),
})

/** One message with all that was new for the channel. Its id is the same however often it was tried. */
const message = {
  channelId,
  messageId: z.uuid(),
  /** The alerts that it told of. */
  alerts: z.array(z.uuid()).min(1),
  attempts: z.int().positive(),
}

/** The receiver took a message. */
export const alertDelivered = z.strictObject(message)

/** A message was not taken by its receiver, however often it was tried. */
export const alertDeliveryFailed = z.strictObject({ ...message, explanation: z.string() })
