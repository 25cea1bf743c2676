import { z } from 'zod'
import { readGrant } from '../../members/grant-fields.ts'
import { changeRole } from '../../members/manage-members.ts'
import { grantFields, roleField } from '../person-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({ ...organizationInput, userId: z.uuid(), role: roleField, ...grantFields })

/** Gives a member another role, or an auditor another grant. */
export const memberChangeRole = organizationProcedure('members:manage')
  .input(input)
  .output(z.void())
  .mutation(({ ctx, input }) =>
    changeRole(ctx.services, ctx.access, {
      userId: input.userId,
      role: input.role,
      grant: readGrant(input.role, input, ctx.services.clock.now()),
    }),
  )
