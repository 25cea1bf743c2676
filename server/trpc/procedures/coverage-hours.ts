import { z } from 'zod'
import { hourGaps } from '../../coverage/hour-gaps.ts'
import { hoursAsOf } from '../../coverage/hours-as-of.ts'
import { evidenceKinds } from '../../domain/evidence/kinds.ts'
import { periodStart } from '../../members/auditor-period.ts'
import { hourGapOutput, listOf } from '../coverage-schemas.ts'
import { hourStateOutput } from '../plot-schemas.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

/** How far back the hours reach, in days. */
export const hoursDaysInput = z
  .int()
  .min(1, 'Ask for at least one day.')
  .max(92, 'Ask for at most 92 days.')
  .default(30)

const input = z.strictObject({ ...organizationInput, ...asOfInput, days: hoursDaysInput })

const output = z.strictObject({
  asOf: asOfOutput,
  /** Start of the first hour. */
  from: z.date(),
  hours: z.int(),
  rows: listOf(
    z.strictObject({
      sourceId: z.uuid(),
      source: z.string(),
      kind: z.enum(evidenceKinds),
      /** One per hour from `from` on. */
      states: listOf(hourStateOutput),
    }),
  ),
  gaps: listOf(hourGapOutput),
})

/** The gap ledger: what is known of every hour of each kind of each source, and why where something did not come. */
export const coverageHours = organizationProcedure('coverage:read')
  .input(input)
  .output(output)
  .query(({ ctx, input: { days } }) =>
    readAsOf(ctx, async (transaction, asOf) => {
      const { connectors } = ctx.services
      const earliest = (await periodStart(transaction, ctx.access))?.from ?? null
      const { organizationId } = ctx.access
      const { ledger, labels } = await hoursAsOf(transaction, organizationId, asOf, {
        connectors,
        days,
        earliest,
      })
      return {
        from: ledger.from,
        hours: ledger.hours,
        rows: ledger.rows.map(({ sourceId, kind, findings }) => ({
          sourceId,
          source: labels.get(sourceId) ?? sourceId,
          kind,
          states: findings.map(({ state }) => state),
        })),
        gaps: hourGaps(ledger),
      }
    }),
  )
