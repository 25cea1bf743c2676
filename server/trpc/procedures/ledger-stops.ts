import { z } from 'zod'
import { listNeighbours, listStops } from '../../audit/list-stops.ts'
import { periodStart } from '../../members/auditor-period.ts'
import { asOfOutput, readAsOf, resolveAsOf } from '../read-as-of.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const stop = z.strictObject({ text: z.string(), at: z.date(), position: z.int(), label: z.string() })

const input = z.strictObject({
  ...organizationInput,
  /** The moment that one is at, in the forms of `asOf`: its neighbours are told as well. */
  around: z.string().min(1).max(80).optional(),
})

const output = z.strictObject({
  /** Up to where the stops reach: now, or the end of an auditor's period. */
  asOf: asOfOutput,
  stops: z.array(stop),
  /** The moments next to `around`, none left out between; null where there is none within 30 days. */
  before: stop.nullable(),
  after: stop.nullable(),
})

/** Moments worth stopping at when looking back: the same ones wherever one looks from. */
export const ledgerStops = organizationProcedure('coverage:read')
  .input(input)
  .output(output)
  .query(async ({ ctx, input: { around } }) => {
    const { organizationId } = ctx.access
    const here = around === undefined ? null : await resolveAsOf(ctx, around)
    return readAsOf(ctx, async (transaction, asOf) => {
      const start = await periodStart(transaction, ctx.access)
      const neighbours = here
        ? await listNeighbours(transaction, organizationId, { around: here, asOf, start })
        : { before: null, after: null }
      return { ...(await listStops(transaction, organizationId, asOf, start)), ...neighbours }
    })
  })
