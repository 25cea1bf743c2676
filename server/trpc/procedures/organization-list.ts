import { z } from 'zod'
import { listOrganizations } from '../../members/list-organizations.ts'
import { roleField } from '../person-fields.ts'
import { signedInProcedure } from '../trpc.ts'

const output = z.array(
  z.strictObject({ slug: z.string(), name: z.string(), simulated: z.boolean(), role: roleField }),
)

/** The organizations that the person can open, by name. */
export const organizationList = signedInProcedure
  .output(output)
  .query(({ ctx }) => listOrganizations(ctx.services, ctx.signedIn.user.id))
