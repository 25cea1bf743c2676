import { z } from 'zod'
import { drawSample } from '../../assessments/draw-sample.ts'
import { mostSampled } from '../../domain/assessment/sample.ts'
import { controlIdField } from '../assessment-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  assessmentId: z.uuid(),
  controlId: controlIdField,
  attachmentId: z.uuid(),
  size: z
    .int('Give a whole number.')
    .min(1, 'Draw at least one.')
    .max(mostSampled, `Draw at most ${mostSampled}.`),
  /** Empty for one that is made by chance. */
  seed: z
    .string()
    .regex(/^[A-Za-z0-9._-]{0,64}$/, 'Use up to 64 letters, digits, dots, hyphens and underscores.'),
})

/** Draws a sample of a control's population and records the seed. */
export const assessmentsDrawSample = organizationProcedure('samples:draw')
  .input(input)
  .output(z.strictObject({ sampleId: z.uuid() }))
  .mutation(({ ctx, input: { organization: _, ...asked } }) => drawSample(ctx.services, ctx.access, asked))
