import { z } from 'zod'
import { beginReauthorization } from '../../connections/begin-authorization.ts'
import { limitAction } from '../../http/rate-limit.ts'
import { authorizeOutput } from '../connection-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

/** Answers where to sign in again for a connection; its identity and history stay. */
export const connectionsReauthorize = organizationProcedure('connections:manage')
  .input(z.strictObject({ ...organizationInput, connectionId: z.uuid() }))
  .output(authorizeOutput)
  .mutation(async ({ ctx, input }) => {
    const { services, access, signedIn } = ctx
    const { organizationId, userId } = access
    await limitAction(services.database, 'connect', organizationId)
    const browser = { organizationId, userId, sessionId: signedIn.session.id }
    return beginReauthorization(services, browser, input.connectionId)
  })
