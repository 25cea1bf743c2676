import { z } from 'zod'
import { showSubscriptions } from '../../subscriptions/show-subscriptions.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'
import { attemptOutput, cadenceField } from '../webhook-fields.ts'

const output = z.strictObject({
  subscriptions: z.array(
    z.strictObject({
      id: z.uuid(),
      receiver: z.string(),
      isOwn: z.boolean(),
      isWebhook: z.boolean(),
      cadence: cadenceField,
      createdAt: z.date(),
      sentSize: z.int().nullable(),
      sentAt: z.date().nullable(),
      attempts: z.array(attemptOutput),
    }),
  ),
  webhooks: z.array(z.strictObject({ id: z.uuid(), label: z.string(), host: z.string() })),
  canManageWebhooks: z.boolean(),
})

/** Who gets the log's checkpoints, as far as the reader may see it, now. */
export const subscriptionsList = organizationProcedure('checkpoints:subscribe')
  .input(z.strictObject(organizationInput))
  .output(output)
  .query(({ ctx }) => showSubscriptions(ctx.services, ctx.access))
