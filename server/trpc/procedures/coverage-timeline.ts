import { z } from 'zod'
import { readableSteps, timelinePlot } from '../../coverage/read-timeline.ts'
import { timelineAsOf } from '../../coverage/timeline-as-of.ts'
import { periodStart } from '../../members/auditor-period.ts'
import { listOf } from '../coverage-schemas.ts'
import { coveragePlotOutput } from '../plot-schemas.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

/** How far back a timeline reaches, in days. */
export const daysInput = z.int().min(1, 'Ask for at least one day.').max(366, 'Ask for at most 366 days.')

const input = z.strictObject({ ...organizationInput, ...asOfInput, days: daysInput.default(30) })

const output = z.strictObject({
  asOf: asOfOutput,
  breakpoints: listOf(z.strictObject({ at: z.date(), value: z.number() })),
  outages: listOf(z.strictObject({ from: z.date(), to: z.date(), label: z.string() })),
  plot: coveragePlotOutput,
})

/** Coverage over time as steps, with the stretches in which evidence did not come. */
export const coverageTimeline = organizationProcedure('coverage:read')
  .input(input)
  .output(output)
  .query(({ ctx, input: { days } }) =>
    readAsOf(ctx, async (transaction, asOf) => {
      const { connectors } = ctx.services
      const earliest = (await periodStart(transaction, ctx.access))?.from ?? null
      const timeline = await timelineAsOf(transaction, ctx.access.organizationId, asOf, {
        connectors,
        days,
        earliest,
      })
      const { outages } = timeline
      return { breakpoints: readableSteps(timeline), outages, plot: timelinePlot(timeline) }
    }),
  )
