import { z } from 'zod'
import { listStops } from '../../audit/list-stops.ts'
import { periodStart } from '../../members/auditor-period.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const output = z.strictObject({
  /** Up to where the stops reach: now, or the end of an auditor's period. */
  asOf: asOfOutput,
  stops: z.array(z.strictObject({ text: z.string(), at: z.date(), position: z.int(), label: z.string() })),
})

/** Moments worth stopping at when looking back: the same ones wherever one looks from. */
export const ledgerStops = organizationProcedure('coverage:read')
  .input(z.strictObject(organizationInput))
  .output(output)
  .query(({ ctx }) =>
    readAsOf(ctx, async (transaction, asOf) =>
      listStops(transaction, ctx.access.organizationId, asOf, await periodStart(transaction, ctx.access)),
    ),
  )
