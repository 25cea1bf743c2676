import { z } from 'zod'
import { removeMember } from '../../members/manage-members.ts'
import { formText } from '../connection-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

/** Ends one's own membership; every role may. */
export const memberLeave = organizationProcedure('members:read')
  .input(z.strictObject({ ...organizationInput, confirmation: formText }))
  .output(z.void())
  .mutation(({ ctx, input: { confirmation } }) =>
    removeMember(ctx.services, ctx.access, { userId: ctx.access.userId, confirmation }),
  )
