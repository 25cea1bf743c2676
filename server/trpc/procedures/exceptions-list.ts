import { z } from 'zod'
import { listExceptions } from '../../decisions/list-exceptions.ts'
import { controlFilter, exceptionListOutput } from '../decision-fields.ts'
import { subjectField } from '../evidence-fields.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  ...asOfInput,
  controlId: controlFilter.optional(),
  subject: subjectField.optional(),
})

const output = z.strictObject({ asOf: asOfOutput, exceptions: exceptionListOutput })

/** Exceptions as they stood: all, those from one control, or those for one account. */
export const exceptionsList = organizationProcedure('coverage:read')
  .input(input)
  .output(output)
  .query(({ ctx, input: { controlId, subject: subjectKey } }) =>
    readAsOf(ctx, async (transaction, asOf) => {
      const { organizationId } = ctx.access
      const asked = { controlId, subjectKey }
      return { exceptions: await listExceptions(ctx.services, transaction, organizationId, asOf, asked) }
    }),
  )
