import { z } from 'zod'
import { removeMember } from '../../members/manage-members.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

/** Ends another person's membership. */
export const memberRemove = organizationProcedure('members:manage')
  .input(z.strictObject({ ...organizationInput, userId: z.uuid() }))
  .output(z.void())
  .mutation(({ ctx, input }) => removeMember(ctx.services, ctx.access, input.userId))
