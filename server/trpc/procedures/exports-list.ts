import { z } from 'zod'
import { listExports } from '../../export/list-exports.ts'
import { listedExportOutput } from '../export-fields.ts'
import { asOfOutput } from '../read-as-of.ts'
import { readPresent } from '../read-present.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const output = z.strictObject({
  asOf: asOfOutput,
  exports: z.array(listedExportOutput),
  /** An auditor's period; null for everybody else. */
  grant: z.strictObject({ from: z.date(), to: z.date() }).nullable(),
})

/** The newest exports, an auditor's those within the grant. */
export const exportsList = organizationProcedure('ledger:export')
  .input(z.strictObject({ ...organizationInput, ...asOfInput }))
  .output(output)
  .query(({ ctx, input }) =>
    readPresent(ctx, input.asOf, async (transaction, { instant }) => {
      const { grant } = ctx.access
      return {
        exports: await listExports(ctx.services, transaction, ctx.access, instant),
        grant: grant && { from: grant.periodFrom, to: grant.periodTo },
      }
    }),
  )
