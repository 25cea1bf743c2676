import { z } from 'zod'
import { listConnections } from '../../connections/read-connections.ts'
import { isAllowed } from '../../domain/member/roles.ts'
import { connectionOutput } from '../connection-fields.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const output = z.strictObject({
  asOf: asOfOutput,
  connections: z.array(connectionOutput),
  canConnect: z.boolean(),
})

/** The organization's connections, revoked ones last. */
export const connectionsList = organizationProcedure('connections:read')
  .input(z.strictObject({ ...organizationInput, ...asOfInput }))
  .output(output)
  .query(({ ctx }) => {
    const { services, access } = ctx
    return readAsOf(ctx, async (transaction, asOf) => ({
      connections: await listConnections(services.connectors, transaction, access.organizationId, asOf),
      canConnect: asOf.isNow && isAllowed(access.role, 'connections:manage'),
    }))
  })
