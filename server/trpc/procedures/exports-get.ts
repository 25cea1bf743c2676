import { z } from 'zod'
import { showExport } from '../../export/show-export.ts'
import { verifierSha256 } from '../../export/verifier-file.ts'
import { listedExportOutput, partOutput } from '../export-fields.ts'
import { asOfOutput } from '../read-as-of.ts'
import { readPresent } from '../read-present.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const output = listedExportOutput.extend({
  asOf: asOfOutput,
  parts: z.array(partOutput),
  /** Null before it is known. */
  checkpointSize: z.int().nullable(),
  /** Of the verifier that this server ships now; null where it was not built. */
  verifierSha256: z.string().nullable(),
})

/** One export with how far its parts are. */
export const exportsGet = organizationProcedure('ledger:export')
  .input(z.strictObject({ ...organizationInput, ...asOfInput, exportId: z.uuid() }))
  .output(output)
  .query(({ ctx, input: { exportId, asOf } }) =>
    readPresent(ctx, asOf, async (transaction, { instant: at }) => ({
      ...(await showExport(ctx.services, transaction, ctx.access, { exportId, at })),
      verifierSha256: await verifierSha256(ctx.services.verifierFile),
    })),
  )
