import { z } from 'zod'
import { webhookFormats } from '../../domain/webhook/format.ts'
import { addWebhook } from '../../webhooks/manage-webhooks.ts'
import { plainLine } from '../person-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  label: plainLine.max(80, 'At most 80 characters.'),
  url: z.string().max(2000, 'This address is too long.'),
  format: z.enum(webhookFormats, 'Choose what the messages look like.').default('standard'),
})

/** Adds a webhook. The answer is the only place where its signing secret is ever shown. */
export const webhooksAdd = organizationProcedure('webhooks:manage')
  .input(input)
  .output(z.strictObject({ webhookId: z.uuid(), signingSecret: z.string() }))
  .mutation(async ({ ctx, input: { label, url, format } }) => {
    const { webhookId, signingSecret } = await addWebhook(ctx.services, ctx.access, { label, url, format })
    return { webhookId, signingSecret: signingSecret.reveal() }
  })
