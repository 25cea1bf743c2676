import { z } from 'zod'
import { cadences } from '../domain/subscription/cadence.ts'

/** What answers about webhooks and subscriptions have in common. */

export const attemptOutput = z.strictObject({
  targetId: z.uuid(),
  subject: z.string(),
  attempt: z.int(),
  at: z.date(),
  isDelivered: z.boolean(),
  status: z.int().nullable(),
  explanation: z.string().nullable(),
})

export const cadenceField = z.enum(cadences, 'Choose how often.')
