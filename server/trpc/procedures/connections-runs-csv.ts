import { z } from 'zod'
import { readConnection } from '../../connections/read-connections.ts'
import { runsFile } from '../../connections/runs-csv.ts'
import { periodStart } from '../../members/auditor-period.ts'
import { fileOutput } from '../file-output.ts'
import { readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

/** A connection's runs as a file to save. */
export const connectionsRunsCsv = organizationProcedure('connections:read')
  .input(z.strictObject({ ...organizationInput, ...asOfInput, connectionId: z.uuid() }))
  .output(fileOutput)
  .query(({ ctx, input: { connectionId } }) =>
    readAsOf(ctx, async (transaction, asOf) => {
      const { services, access } = ctx
      await readConnection(services.connectors, transaction, access.organizationId, connectionId, asOf)
      const start = await periodStart(transaction, access)
      return runsFile(services, access, asOf, { connectionId, start })
    }),
  )
