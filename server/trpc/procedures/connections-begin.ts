import { z } from 'zod'
import { beginConnection } from '../../connections/begin-authorization.ts'
import { limitAction } from '../../http/rate-limit.ts'
import { authorizeOutput, formText } from '../connection-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  connector: z.string().max(40),
  externalTenantId: formText,
  clientId: formText,
  clientSecret: formText,
  secretExpiresOn: formText,
  cloud: formText,
})

/** Checks the connect form and answers where to sign in. */
export const connectionsBegin = organizationProcedure('connections:manage')
  .input(input)
  .output(authorizeOutput)
  .mutation(async ({ ctx, input }) => {
    const { services, access, signedIn } = ctx
    const { organization: _, connector, ...fields } = input
    await limitAction(services.database, 'connect', access.organizationId)
    const { organizationId, userId } = access
    const browser = { organizationId, userId, sessionId: signedIn.session.id }
    return beginConnection(services, browser, { connector, fields })
  })
