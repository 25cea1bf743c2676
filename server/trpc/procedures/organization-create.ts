import { z } from 'zod'
import { createOrganization } from '../../members/register.ts'
import { organizationNameField } from '../person-fields.ts'
import { signedInProcedure } from '../trpc.ts'

/** Creates an organization whose owner is the person signed in. */
export const organizationCreate = signedInProcedure
  .input(z.strictObject({ name: organizationNameField }))
  .output(z.strictObject({ slug: z.string() }))
  .mutation(({ ctx, input }) =>
    createOrganization(ctx.services, {
      userId: ctx.signedIn.user.id,
      name: input.name,
      ip: ctx.clientAddress,
    }),
  )
