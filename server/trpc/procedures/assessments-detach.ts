import { z } from 'zod'
import { detachEvidence } from '../../assessments/manage-assessments.ts'
import { reasonField } from '../assessment-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  assessmentId: z.uuid(),
  attachmentId: z.uuid(),
  reason: reasonField,
})

/** Takes evidence off an open assessment, with a reason. */
export const assessmentsDetach = organizationProcedure('assessments:manage')
  .input(input)
  .output(z.void())
  .mutation(({ ctx, input: { assessmentId, attachmentId, reason } }) =>
    detachEvidence(ctx.services, ctx.access, { assessmentId, attachmentId, reason }),
  )
