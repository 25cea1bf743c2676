import { z } from 'zod'
import { showExport } from '../../export/show-export.ts'
import { listedExportOutput, partOutput } from '../export-fields.ts'
import { asOfOutput } from '../read-as-of.ts'
import { readPresent } from '../read-present.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const output = listedExportOutput.extend({
  asOf: asOfOutput,
  parts: z.array(partOutput),
  /** Null before it is known. */
  checkpointSize: z.int().nullable(),
})

/** One export with how far its parts are. */
export const exportsGet = organizationProcedure('ledger:export')
  .input(z.strictObject({ ...organizationInput, ...asOfInput, exportId: z.uuid() }))
  .output(output)
  .query(({ ctx, input: { exportId, asOf } }) =>
    readPresent(ctx, asOf, (transaction, { instant: at }) =>
      showExport(ctx.services, transaction, ctx.access, { exportId, at }),
    ),
  )
