import { z } from 'zod'
import { renameAssessment } from '../../assessments/manage-assessments.ts'
import { assessmentNameField } from '../assessment-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

/** Calls an open assessment differently. */
export const assessmentsRename = organizationProcedure('assessments:manage')
  .input(z.strictObject({ ...organizationInput, assessmentId: z.uuid(), name: assessmentNameField }))
  .output(z.void())
  .mutation(({ ctx, input: { assessmentId, name } }) =>
    renameAssessment(ctx.services, ctx.access, assessmentId, name),
  )
