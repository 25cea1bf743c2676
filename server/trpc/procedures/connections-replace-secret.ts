import { z } from 'zod'
import { replaceClientSecret } from '../../connections/manage-connection.ts'
import { limitAction } from '../../http/rate-limit.ts'
import { formText } from '../connection-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  connectionId: z.uuid(),
  clientSecret: formText,
  secretExpiresOn: formText,
})

/** Puts a new client secret in the place of the old one. */
export const connectionsReplaceSecret = organizationProcedure('connections:manage', { fresh: true })
  .input(input)
  .output(z.void())
  .mutation(async ({ ctx, input }) => {
    const { organizationId, userId } = ctx.access
    await limitAction(ctx.services.database, 'connect', organizationId)
    const { connectionId, clientSecret, secretExpiresOn } = input
    const target = { organizationId, connectionId, userId }
    return replaceClientSecret(ctx.services, target, { clientSecret, secretExpiresOn })
  })
