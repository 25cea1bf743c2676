import { z } from 'zod'
import { readPeriod } from '../../assessments/assessment-fields.ts'
import { changePeriod } from '../../assessments/manage-assessments.ts'
import { periodFields } from '../assessment-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

/** Gives an open assessment another period. */
export const assessmentsChangePeriod = organizationProcedure('assessments:manage')
  .input(z.strictObject({ ...organizationInput, assessmentId: z.uuid(), ...periodFields }))
  .output(z.void())
  .mutation(({ ctx, input: { assessmentId, periodFrom: from, periodTo: to } }) =>
    changePeriod(ctx.services, ctx.access, assessmentId, readPeriod({ from, to })),
  )
