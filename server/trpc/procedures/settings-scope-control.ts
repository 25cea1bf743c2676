import { z } from 'zod'
import { scopeControl } from '../../decisions/change-settings.ts'
import { reasonField } from '../decision-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  controlId: z.string().max(20),
  isInScope: z.boolean(),
  reason: reasonField,
})

/** Takes a control out of scope, or into it again. */
export const settingsScopeControl = organizationProcedure('scope:decide')
  .input(input)
  .output(z.void())
  .mutation(({ ctx, input: { controlId, isInScope, reason } }) =>
    scopeControl(ctx.services, ctx.access, { controlId, isInScope, reason }),
  )
