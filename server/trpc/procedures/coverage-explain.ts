import { z } from 'zod'
import { limitAttempts } from '../../auth/attempts.ts'
import { explainCoverage } from '../../coverage/explain-coverage.ts'
import { listOf } from '../coverage-schemas.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const output = z.strictObject({
  asOf: asOfOutput,
  events: z.int(),
  agrees: z.boolean(),
  percent: z.strictObject({ shown: z.number(), folded: z.number() }),
  sameControls: z.boolean(),
  digest: z.strictObject({ shown: z.string(), folded: z.string() }),
  differing: listOf(z.string()),
  checkpoint: z.strictObject({ size: z.int(), signedAt: z.date() }).nullable(),
})

/** Folds the events up to a moment anew, and says whether that is what is shown. Takes seconds where there are many. */
export const coverageExplain = organizationProcedure('coverage:read')
  .input(z.strictObject({ ...organizationInput, ...asOfInput }))
  .output(output)
  .query(async ({ ctx }) => {
    const { services, access } = ctx
    const { organizationId } = access
    await limitAttempts(services.database, [
      { key: `explain:organization:${organizationId}`, max: 10, windowMinutes: 5 },
    ])
    return readAsOf(ctx, (transaction, asOf) =>
      explainCoverage(transaction, organizationId, asOf, services.connectors),
    )
  })
