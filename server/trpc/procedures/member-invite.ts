import { z } from 'zod'
import { readGrant } from '../../members/grant-fields.ts'
import { invite } from '../../members/invite-member.ts'
import { emailField, grantFields, roleField } from '../person-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({ ...organizationInput, email: emailField, role: roleField, ...grantFields })

/** Invites the owner of a mailbox with a role. */
export const memberInvite = organizationProcedure('members:manage')
  .input(input)
  .output(z.strictObject({ invitationId: z.uuid() }))
  .mutation(({ ctx, input }) =>
    invite(ctx.services, ctx.access, {
      email: input.email,
      role: input.role,
      grant: readGrant(input.role, input, ctx.services.clock.now()),
      invitedByName: ctx.signedIn.user.name,
    }),
  )
