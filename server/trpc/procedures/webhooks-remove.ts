import { z } from 'zod'
import { removeWebhook } from '../../webhooks/manage-webhooks.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

/** Destroys a webhook's address and secret; what was sent to it ends. */
export const webhooksRemove = organizationProcedure('webhooks:manage')
  .input(z.strictObject({ ...organizationInput, webhookId: z.uuid() }))
  .output(z.void())
  .mutation(({ ctx, input: { webhookId } }) => removeWebhook(ctx.services, ctx.access, webhookId))
