import { z } from 'zod'
import { submitAssessment } from '../../assessments/manage-assessments.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

/** Hands an assessment to who approves it. */
export const assessmentsSubmit = organizationProcedure('assessments:manage')
  .input(z.strictObject({ ...organizationInput, assessmentId: z.uuid() }))
  .output(z.void())
  .mutation(({ ctx, input: { assessmentId } }) => submitAssessment(ctx.services, ctx.access, assessmentId))
