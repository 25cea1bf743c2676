import { z } from 'zod'
import { controlsFile } from '../../coverage/controls-csv.ts'
import { listControls } from '../../coverage/list-controls.ts'
import { fileOutput } from '../file-output.ts'
import { readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

/** Every control with its verdict as a file to save. */
export const controlCsv = organizationProcedure('coverage:read')
  .input(z.strictObject({ ...organizationInput, ...asOfInput }))
  .output(fileOutput)
  .query(({ ctx }) =>
    readAsOf(ctx, async (transaction, asOf) => {
      const { services, access } = ctx
      const controls = await listControls(transaction, access.organizationId, asOf, services.connectors)
      return controlsFile(access, asOf, controls)
    }),
  )
