import { z } from 'zod'
import { attachCurrent } from '../../assessments/attach-evidence.ts'
import { AppError } from '../../errors.ts'
import { readInstant } from '../as-of.ts'
import { attachOutput, instantsField } from '../assessment-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  assessmentId: z.uuid(),
  /** Dates, or dates and times; without a zone they are UTC. Empty ones are none. */
  instants: instantsField,
  /** Each window of the feeds in the period as well. */
  windows: z.boolean().default(false),
})

/** Attaches everything that was in force at instants of the period. */
export const assessmentsAttachCurrent = organizationProcedure('assessments:manage')
  .input(input)
  .output(attachOutput)
  .mutation(({ ctx, input: { assessmentId, instants, windows } }) => {
    const given = instants.filter(text => text !== '').map(instantNamed)
    if (given.length === 0 && !windows) throw refuse('Choose at least one instant.')
    return attachCurrent(ctx.services, ctx.access, { assessmentId, instants: given, windows })
  })

function instantNamed(text: string): Date {
  const instant = readInstant(text)
  if (!instant) throw refuse('Give dates and times such as 2026-11-15T06:00.')
  return instant
}

const refuse = (words: string) =>
  new AppError('bad_input', 'instants refused', { fields: { instants: words } })
