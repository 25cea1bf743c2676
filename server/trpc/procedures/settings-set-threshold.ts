import { z } from 'zod'
import { setThreshold } from '../../decisions/change-settings.ts'
import { thresholdIds } from '../../domain/control/definition.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  thresholdId: z.enum(thresholdIds),
  value: z.number('Give a whole number.').min(-1_000_000).max(1_000_000),
})

/** Sets a number that a rule takes. */
export const settingsSetThreshold = organizationProcedure('thresholds:set')
  .input(input)
  .output(z.void())
  .mutation(({ ctx, input: { thresholdId, value } }) =>
    setThreshold(ctx.services, ctx.access, { thresholdId, value }),
  )
