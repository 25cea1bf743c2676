import { z } from 'zod'
import { removeMember } from '../../members/manage-members.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

/** Ends one's own membership; every role may. */
export const memberLeave = organizationProcedure('members:read')
  .input(z.strictObject(organizationInput))
  .output(z.void())
  .mutation(({ ctx }) => removeMember(ctx.services, ctx.access, ctx.access.userId))
