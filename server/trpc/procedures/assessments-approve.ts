import { z } from 'zod'
import { approveAssessment } from '../../assessments/approve-assessment.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  assessmentId: z.uuid(),
  /** The assessment's name, typed. */
  confirmation: z.string().max(200),
})

/** Approves and seals what another person submitted. */
export const assessmentsApprove = organizationProcedure('assessments:manage', { fresh: true })
  .input(input)
  .output(z.void())
  .mutation(({ ctx, input: { assessmentId, confirmation } }) =>
    approveAssessment(ctx.services, ctx.access, { assessmentId, confirmation }),
  )
