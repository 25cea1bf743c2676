import { z } from 'zod'
import { sampleFile } from '../../assessments/population-files.ts'
import { fileOutput } from '../assessment-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

/** A sample as a file, with the proofs. A mutation, as it is recorded who took it along. */
export const assessmentsSampleCsv = organizationProcedure('assessments:read')
  .input(z.strictObject({ ...organizationInput, assessmentId: z.uuid(), sampleId: z.uuid() }))
  .output(fileOutput)
  .mutation(({ ctx, input: { assessmentId, sampleId } }) =>
    sampleFile(ctx.services, ctx.access, { assessmentId, sampleId }),
  )
