import { z } from 'zod'
import { attachEvidence } from '../../assessments/attach-evidence.ts'
import { attachOutput } from '../assessment-fields.ts'
import { instantField } from '../instant-field.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  assessmentId: z.uuid(),
  evidenceId: z.uuid('This is no evidence’s id: it is on the evidence’s page.'),
  /** An instant at which it was in force; without one when it was collected. */
  instant: instantField,
})

/** Attaches one row of evidence. */
export const assessmentsAttach = organizationProcedure('assessments:manage')
  .input(input)
  .output(attachOutput)
  .mutation(({ ctx, input: { assessmentId, evidenceId, instant = null } }) =>
    attachEvidence(ctx.services, ctx.access, { assessmentId, evidenceId, instant }),
  )
