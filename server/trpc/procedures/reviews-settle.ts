import { z } from 'zod'
import { settleSignIn } from '../../decisions/decide-reviews.ts'
import { settlementOutcomes } from '../../domain/review/settlement.ts'
import { reasonField } from '../decision-fields.ts'
import { subjectField } from '../evidence-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  subject: subjectField,
  outcome: z.enum(settlementOutcomes, 'Choose what came of it.'),
  reason: reasonField,
  settledAt: z.string().max(40).default(''),
})

/** Settles a risky sign-in. */
export const reviewsSettle = organizationProcedure('reviews:decide')
  .input(input)
  .output(z.void())
  .mutation(({ ctx, input: { subject: subjectKey, outcome, reason, settledAt } }) =>
    settleSignIn(ctx.services, ctx.access, { subjectKey, outcome, reason, settledAt }),
  )
