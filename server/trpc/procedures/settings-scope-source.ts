import { z } from 'zod'
import { scopeSource } from '../../decisions/change-settings.ts'
import { reasonField } from '../decision-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  sourceId: z.uuid(),
  isInScope: z.boolean(),
  reason: reasonField,
})

/** Takes a directory out of scope, or into it again. */
export const settingsScopeSource = organizationProcedure('scope:decide')
  .input(input)
  .output(z.void())
  .mutation(({ ctx, input: { sourceId, isInScope, reason } }) =>
    scopeSource(ctx.services, ctx.access, { sourceId, isInScope, reason }),
  )
