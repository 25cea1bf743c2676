import { z } from 'zod'
import { testWebhook } from '../../webhooks/manage-webhooks.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const output = z.strictObject({
  isDelivered: z.boolean(),
  status: z.int().nullable(),
  explanation: z.string().nullable(),
})

/** Posts a test message and says what came of it. */
export const webhooksTest = organizationProcedure('webhooks:manage')
  .input(z.strictObject({ ...organizationInput, webhookId: z.uuid() }))
  .output(output)
  .mutation(async ({ ctx, input: { webhookId } }) => {
    const outcome = await testWebhook(ctx.services, ctx.access, webhookId)
    const { isDelivered, status } = outcome
    return { isDelivered, status, explanation: outcome.isDelivered ? null : outcome.explanation }
  })
