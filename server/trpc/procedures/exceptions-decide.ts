import { z } from 'zod'
import { decideOnException, exceptionDecisions } from '../../decisions/decide-exceptions.ts'
import { reasonField } from '../decision-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  exceptionId: z.uuid(),
  decision: z.enum(exceptionDecisions),
  reason: reasonField,
})

/** Approves, rejects or withdraws an exception. Nobody approves what they asked for themselves. */
export const exceptionsDecide = organizationProcedure('exceptions:decide')
  .input(input)
  .output(z.void())
  .mutation(({ ctx, input: { exceptionId, decision, reason } }) =>
    decideOnException(ctx.services, ctx.access, { exceptionId, decision, reason }),
  )
