import { z } from 'zod'
import { revokeConfirmed } from '../../connections/revoke-confirmed.ts'
import { formText } from '../connection-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

/** Destroys a connection's credential for good; what was collected stays. */
export const connectionsRevoke = organizationProcedure('connections:manage', { fresh: true })
  .input(z.strictObject({ ...organizationInput, connectionId: z.uuid(), confirmation: formText }))
  .output(z.void())
  .mutation(({ ctx, input }) => {
    const { organizationId, userId } = ctx.access
    const { connectionId, confirmation } = input
    return revokeConfirmed(ctx.services, { organizationId, connectionId, userId }, confirmation)
  })
