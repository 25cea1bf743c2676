import { z } from 'zod'
import { removeMember } from '../../members/manage-members.ts'
import { formText } from '../connection-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

/** Ends another person's membership, whose mailbox's address was typed. */
export const memberRemove = organizationProcedure('members:manage')
  .input(z.strictObject({ ...organizationInput, userId: z.uuid(), confirmation: formText }))
  .output(z.void())
  .mutation(({ ctx, input: { userId, confirmation } }) =>
    removeMember(ctx.services, ctx.access, { userId, confirmation }),
  )
