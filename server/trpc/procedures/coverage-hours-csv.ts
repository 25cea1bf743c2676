import { z } from 'zod'
import { hoursAsOf } from '../../coverage/hours-as-of.ts'
import { hoursCsv } from '../../coverage/hours-csv.ts'
import { periodStart } from '../../members/auditor-period.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'
import { hoursDaysInput } from './coverage-hours.ts'

const input = z.strictObject({ ...organizationInput, ...asOfInput, days: hoursDaysInput })

const output = z.strictObject({
  asOf: asOfOutput,
  /** Letters, digits, dots and hyphens only: it goes into a header. */
  filename: z.string().regex(/^[\w.-]+$/),
  body: z.string(),
})

/** The gap ledger as a file to save. */
export const coverageHoursCsv = organizationProcedure('coverage:read')
  .input(input)
  .output(output)
  .query(({ ctx, input: { days } }) =>
    readAsOf(ctx, async (transaction, asOf) => {
      const { organizationId, slug } = ctx.access
      const { connectors } = ctx.services
      const earliest = (await periodStart(transaction, ctx.access))?.from ?? null
      const { ledger, labels } = await hoursAsOf(transaction, organizationId, asOf, {
        connectors,
        days,
        earliest,
      })
      const filename = `hours-${slug}-${asOf.instant.toISOString().slice(0, 10)}.csv`
      return { filename, body: hoursCsv(ledger, { slug, asOf, labels }) }
    }),
  )
