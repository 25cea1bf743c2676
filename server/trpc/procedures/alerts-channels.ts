import { z } from 'zod'
import { showChannels } from '../../alerts/show-channels.ts'
import { alertKinds } from '../../domain/alert/causes.ts'
import { webhookFormats } from '../../domain/webhook/format.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'
import { attemptOutput } from '../webhook-fields.ts'

const causes = z.array(z.enum(alertKinds))
const attempts = z.array(attemptOutput)

const output = z.strictObject({
  kinds: z.array(z.strictObject({ kind: z.enum(alertKinds), name: z.string() })),
  mail: z.strictObject({ causes, attempts }),
  webhooks: z.array(
    z.strictObject({
      id: z.uuid(),
      label: z.string(),
      host: z.string(),
      format: z.enum(webhookFormats),
      createdAt: z.date(),
      causes,
      attempts,
    }),
  ),
  others: z.array(z.strictObject({ receiver: z.string(), causes, attempts })),
  canManageWebhooks: z.boolean(),
})

/** Where alerts go besides their page, as far as the reader may see it, now. */
export const alertsChannels = organizationProcedure('alerts:receive')
  .input(z.strictObject(organizationInput))
  .output(output)
  .query(({ ctx }) => showChannels(ctx.services, ctx.access))
