import { z } from 'zod'
import { sendBack } from '../../assessments/manage-assessments.ts'
import { reasonField } from '../assessment-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

/** Gives a submitted assessment back to be worked on, with a reason. */
export const assessmentsSendBack = organizationProcedure('assessments:manage')
  .input(z.strictObject({ ...organizationInput, assessmentId: z.uuid(), reason: reasonField }))
  .output(z.void())
  .mutation(({ ctx, input: { assessmentId, reason } }) =>
    sendBack(ctx.services, ctx.access, assessmentId, reason),
  )
