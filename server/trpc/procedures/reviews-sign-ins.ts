import { z } from 'zod'
import { showRiskySignIns } from '../../decisions/show-reviews.ts'
import { listOf } from '../coverage-schemas.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { reviewedFields } from '../review-fields.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const text = z.string().nullable()

const said = z.strictObject({ ...reviewedFields, outcome: z.string(), isSettled: z.boolean() })

const output = z.strictObject({
  asOf: asOfOutput,
  count: z.int(),
  signIns: listOf(
    z.strictObject({
      sourceId: z.uuid(),
      subjectKey: z.guid(),
      name: text,
      login: text,
      app: text,
      place: text,
      level: z.enum(['high', 'medium']),
      state: text,
      at: z.date(),
      deadline: z.date(),
      said: said.nullable(),
      earlier: listOf(said),
    }),
  ),
})

/** Sign-ins of medium and high risk in the trailing 30 days, and what came of looking into them. */
export const reviewsSignIns = organizationProcedure('evidence:read')
  .input(z.strictObject({ ...organizationInput, ...asOfInput }))
  .output(output)
  .query(({ ctx }) =>
    readAsOf(ctx, (transaction, asOf) =>
      showRiskySignIns({
        database: ctx.services.database,
        transaction,
        organizationId: ctx.access.organizationId,
        asOf,
      }),
    ),
  )
