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
  .query(({ ctx: { services, access, asOf: request }, input: { connectionId } }) =>
    readAsOf({ services, access, asOf: request }, async (transaction, asOf) => {
      await readConnection(services.connectors, transaction, access.organizationId, connectionId, asOf)
      const start = await periodStart(transaction, access)
      return runsFile(services, access, asOf, { connectionId, start })
    }),
  )
