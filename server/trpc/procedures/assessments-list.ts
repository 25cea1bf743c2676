import { z } from 'zod'
import { listAssessments } from '../../assessments/list-assessments.ts'
import { statusOutput } from '../assessment-fields.ts'
import { asOfOutput } from '../read-as-of.ts'
import { readPresent } from '../read-present.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const output = z.strictObject({
  asOf: asOfOutput,
  assessments: z.array(
    z.strictObject({
      assessmentId: z.uuid(),
      name: z.string(),
      periodFrom: z.date(),
      periodTo: z.date(),
      controls: z.int(),
      attachments: z.int(),
      status: statusOutput,
      isSentBack: z.boolean(),
      openedAt: z.date(),
      openedBy: z.string(),
      submittedAt: z.date().nullable(),
      approvedAt: z.date().nullable(),
    }),
  ),
  /** The controls that a new assessment may take. */
  controls: z.array(z.strictObject({ id: z.string(), title: z.string() })),
})

/** The assessments, an auditor's those of the grant. */
export const assessmentsList = organizationProcedure('assessments:read')
  .input(z.strictObject({ ...organizationInput, ...asOfInput }))
  .output(output)
  .query(({ ctx, input }) =>
    readPresent(ctx, input.asOf, (transaction, asOf) =>
      listAssessments(ctx.services, transaction, ctx.access, asOf),
    ),
  )
