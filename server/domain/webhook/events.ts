import { z } from 'zod'
import { webhookFormats } from './format.ts'

/** An address was added that signed messages may be posted to. The address itself is a secret; its host is not. */
export const webhookAdded = z.strictObject({
  webhookId: z.uuid(),
  host: z.string(),
  /** What the body of a message looks like. */
  format: z.enum(webhookFormats),
})

const webhookAddedVersion1 = z.strictObject({ webhookId: z.uuid(), host: z.string() })

/** Version 1 knew one format. */
export const upcastWebhookAdded1 = (payload: unknown): z.infer<typeof webhookAdded> => ({
  ...webhookAddedVersion1.parse(payload),
  format: 'standard',
})

/** The address and its signing secret were destroyed. */
export const webhookRemoved = z.strictObject({ webhookId: z.uuid() })

/** Somebody had a test message sent. */
export const webhookTested = z.strictObject({
  webhookId: z.uuid(),
  isDelivered: z.boolean(),
  /** The HTTP status of the answer, where there was one. */
  status: z.int().nullable(),
})
