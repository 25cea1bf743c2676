import { z } from 'zod'
import { alertKinds } from '../domain/alert/causes.ts'
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

/** Which alerts a place gets. */
export const causesField = z.array(z.enum(alertKinds, 'Choose from the list.')).max(alertKinds.length)

export const cadenceField = z.enum(cadences, 'Choose how often.')
