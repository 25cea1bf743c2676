import { z } from 'zod'
import { correctSettlement } from '../../decisions/decide-reviews.ts'
import { correctedOutcomes } from '../../domain/review/settlement.ts'
import { reasonField } from '../decision-fields.ts'
import { subjectField } from '../evidence-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  subject: subjectField,
  outcome: z.enum(correctedOutcomes, 'Choose what holds instead.'),
  reason: reasonField,
  settledAt: z.string().max(40).default(''),
})

/** Corrects what was said of a risky sign-in. */
export const reviewsCorrect = organizationProcedure('reviews:decide')
  .input(input)
  .output(z.void())
  .mutation(({ ctx, input: { subject: subjectKey, outcome, reason, settledAt } }) =>
    correctSettlement(ctx.services, ctx.access, { subjectKey, outcome, reason, settledAt }),
  )
