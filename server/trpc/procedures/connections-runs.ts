import { z } from 'zod'
import { listRuns } from '../../connections/list-runs.ts'
import { readConnection } from '../../connections/read-connections.ts'
import { periodStart } from '../../members/auditor-period.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { runOutput } from '../run-fields.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  ...asOfInput,
  connectionId: z.uuid(),
  /** The `next` of the page before. */
  cursor: z.int().nonnegative().optional(),
  limit: z.int().min(1).max(100).default(20),
})

const output = z.strictObject({ asOf: asOfOutput, runs: z.array(runOutput), next: z.int().nullable() })

/** A connection's runs, the newest first. */
export const connectionsRuns = organizationProcedure('connections:read')
  .input(input)
  .output(output)
  .query(({ ctx, input }) => {
    const { services, access } = ctx
    const { connectionId, cursor, limit } = input
    return readAsOf(ctx, async (transaction, asOf) => {
      await readConnection(services.connectors, transaction, access.organizationId, connectionId, asOf)
      const start = await periodStart(transaction, access)
      const page = { position: asOf.position, before: cursor ?? null, limit, start }
      return listRuns(transaction, access.organizationId, connectionId, page)
    })
  })
