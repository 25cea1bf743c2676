import { z } from 'zod'
import { removeWebhook } from '../../webhooks/manage-webhooks.ts'
import { formText } from '../connection-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

/** Destroys a webhook's address and secret, whose name was typed; what was sent to it ends. */
export const webhooksRemove = organizationProcedure('webhooks:manage')
  .input(z.strictObject({ ...organizationInput, webhookId: z.uuid(), confirmation: formText }))
  .output(z.void())
  .mutation(({ ctx, input: { webhookId, confirmation } }) =>
    removeWebhook(ctx.services, ctx.access, { webhookId, confirmation }),
  )
