import { z } from 'zod'
import { webhookFormats } from '../../domain/webhook/format.ts'
import { showWebhooks } from '../../webhooks/show-webhooks.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'
import { attemptOutput } from '../webhook-fields.ts'

const output = z.strictObject({
  webhooks: z.array(
    z.strictObject({
      id: z.uuid(),
      label: z.string(),
      host: z.string(),
      format: z.enum(webhookFormats),
      createdAt: z.date(),
      tests: z.array(attemptOutput),
    }),
  ),
})

/** The organization's webhooks as they are now; what they were is in the audit trail. */
export const webhooksList = organizationProcedure('webhooks:manage')
  .input(z.strictObject(organizationInput))
  .output(output)
  .query(({ ctx: { access, services } }) =>
    services.database.withOrganization(access.organizationId, async transaction => ({
      webhooks: await showWebhooks(transaction, access.organizationId),
    })),
  )
