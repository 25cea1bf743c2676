import { z } from 'zod'
import { showInvitation } from '../../members/accept-invitation.ts'
import { grantOutput, roleField, tokenField } from '../person-fields.ts'
import { publicProcedure } from '../trpc.ts'

const output = z.strictObject({
  organizationName: z.string(),
  slug: z.string(),
  simulated: z.boolean(),
  email: z.string(),
  role: roleField,
  grant: grantOutput,
  expiresAt: z.date(),
  hasAccount: z.boolean(),
})

/** What the holder of an invitation's link is invited to. */
export const invitationShow = publicProcedure
  .input(z.strictObject({ token: tokenField }))
  .output(output)
  .query(({ ctx, input }) => showInvitation(ctx.services, { token: input.token, ip: ctx.clientAddress }))
