import { z } from 'zod'
import { readPeriod } from '../../assessments/assessment-fields.ts'
import { openAssessment } from '../../assessments/manage-assessments.ts'
import { assessmentNameField, controlIdField, periodFields } from '../assessment-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  name: assessmentNameField,
  ...periodFields,
  controls: z.array(controlIdField).min(1, 'Choose at least one control.').max(100),
})

/** Opens an assessment: a name, a period and the controls in scope. */
export const assessmentsOpen = organizationProcedure('assessments:manage')
  .input(input)
  .output(z.strictObject({ assessmentId: z.uuid() }))
  .mutation(({ ctx, input: { name, periodFrom: from, periodTo: to, controls } }) =>
    openAssessment(ctx.services, ctx.access, { name, period: readPeriod({ from, to }), controls }),
  )
