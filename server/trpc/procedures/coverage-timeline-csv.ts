import { z } from 'zod'
import { timelineAsOf } from '../../coverage/timeline-as-of.ts'
import { timelineCsv } from '../../coverage/timeline-csv.ts'
import { periodStart } from '../../members/auditor-period.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'
import { daysInput } from './coverage-timeline.ts'

const input = z.strictObject({ ...organizationInput, ...asOfInput, days: daysInput.default(30) })

const output = z.strictObject({
  asOf: asOfOutput,
  /** Letters, digits, dots and hyphens only: it goes into a header. */
  filename: z.string().regex(/^[\w.-]+$/),
  body: z.string(),
})

/** The timeline as a file to save. */
export const coverageTimelineCsv = organizationProcedure('coverage:read')
  .input(input)
  .output(output)
  .query(({ ctx, input: { days } }) =>
    readAsOf(ctx, async (transaction, asOf) => {
      const { organizationId, slug } = ctx.access
      const { connectors } = ctx.services
      const earliest = (await periodStart(transaction, ctx.access))?.from ?? null
      const timeline = await timelineAsOf(transaction, organizationId, asOf, { connectors, days, earliest })
      const filename = `coverage-${slug}-${asOf.instant.toISOString().slice(0, 10)}.csv`
      return { filename, body: timelineCsv(timeline, { slug, asOf }) }
    }),
  )
