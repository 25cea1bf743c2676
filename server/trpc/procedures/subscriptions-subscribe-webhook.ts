import { z } from 'zod'
import { subscribeWebhook } from '../../subscriptions/subscribe.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'
import { cadenceField } from '../webhook-fields.ts'

/** Posts new checkpoints to a webhook from now on. */
export const subscriptionsSubscribeWebhook = organizationProcedure('webhooks:manage')
  .input(
    z.strictObject({ ...organizationInput, webhookId: z.uuid('Choose a webhook.'), cadence: cadenceField }),
  )
  .output(z.void())
  .mutation(({ ctx, input: { webhookId, cadence } }) =>
    subscribeWebhook(ctx.services, ctx.access, { webhookId, cadence }),
  )
