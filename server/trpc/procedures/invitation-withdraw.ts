import { z } from 'zod'
import { withdrawInvitation } from '../../members/invite-member.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

/** Makes an open invitation's link useless. */
export const invitationWithdraw = organizationProcedure('members:manage')
  .input(z.strictObject({ ...organizationInput, invitationId: z.uuid() }))
  .output(z.void())
  .mutation(({ ctx, input }) => withdrawInvitation(ctx.services, ctx.access, input.invitationId))
