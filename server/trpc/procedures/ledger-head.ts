import { z } from 'zod'
import { readHead } from '../../audit/read-head.ts'
import { periodStart } from '../../members/auditor-period.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const output = z.strictObject({
  asOf: asOfOutput,
  size: z.int(),
  newestPosition: z.int(),
  newestAt: z.date(),
  newestLeafHash: z.string(),
  oldestPosition: z.int(),
  oldestAt: z.date(),
  isSimulated: z.boolean(),
})

/** Where the log stood, and from where on it may be looked at. */
export const ledgerHead = organizationProcedure('ledger:read')
  .input(z.strictObject({ ...organizationInput, ...asOfInput }))
  .output(output)
  .query(({ ctx }) =>
    readAsOf(ctx, async (transaction, asOf) =>
      readHead(transaction, ctx.access.organizationId, asOf, await periodStart(transaction, ctx.access)),
    ),
  )
