import { z } from 'zod'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const output = z.array(
  z.strictObject({
    id: z.string(),
    name: z.string(),
    category: z.string(),
    authorizationMethod: z.string(),
    cadence: z.string(),
    summary: z.string(),
    kinds: z.int(),
  }),
)

/** The connectors of this build. */
export const connectorsList = organizationProcedure('connections:read')
  .input(z.strictObject(organizationInput))
  .output(output)
  .query(({ ctx }) =>
    ctx.services.connectors.all().map(({ manifest }) => {
      const { id, name, category, authorizationMethod, cadence, summary, reads } = manifest
      return { id, name, category, authorizationMethod, cadence, summary, kinds: reads.length }
    }),
  )
