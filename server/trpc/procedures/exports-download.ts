import { z } from 'zod'
import { downloadExport } from '../../export/download-export.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const output = z.strictObject({
  /** Letters, digits, dots and hyphens only: it goes into a header. */
  filename: z.string().regex(/^[\w.-]+$/),
  bytes: z.int(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** The file piece by piece. Over HTTP as JSON it says nothing: the download is a page's. */
  pieces: z.custom<AsyncIterable<Uint8Array>>(),
})

/** An archive as a file to save. A mutation, as it is recorded who took it along. */
export const exportsDownload = organizationProcedure('ledger:export')
  .input(z.strictObject({ ...organizationInput, exportId: z.uuid() }))
  .output(output)
  .mutation(({ ctx, input: { exportId } }) => downloadExport(ctx.services, ctx.access, exportId))
