import { z } from 'zod'
import { chooseWebhook } from '../../alerts/choose-alerts.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'
import { causesField } from '../webhook-fields.ts'

/** Posts alerts of these causes to a webhook from now on; of none, no more. */
export const alertsChooseWebhook = organizationProcedure('webhooks:manage')
  .input(z.strictObject({ ...organizationInput, webhookId: z.uuid(), causes: causesField }))
  .output(z.void())
  .mutation(({ ctx, input: { webhookId, causes } }) =>
    chooseWebhook(ctx.services, ctx.access, { webhookId, causes }),
  )
