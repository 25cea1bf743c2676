import { z } from 'zod'
import { controlPopulationFile } from '../../assessments/population-files.ts'
import { controlIdField, fileOutput } from '../assessment-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  assessmentId: z.uuid(),
  controlId: controlIdField,
  attachmentId: z.uuid(),
})

/** A control's population at a moment as a file. A mutation, as it is recorded who took it along. */
export const assessmentsPopulationCsv = organizationProcedure('assessments:read')
  .input(input)
  .output(fileOutput)
  .mutation(({ ctx, input: { assessmentId, controlId, attachmentId } }) =>
    controlPopulationFile(ctx.services, ctx.access, { assessmentId, controlId, attachmentId }),
  )
