import { z } from 'zod'
import { requireSecondFactor } from '../../members/require-second-factor.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

/** Lets owners and admins in with a second factor only, or with a password alone again. */
export const settingsRequireSecondFactor = organizationProcedure('organization:manage', { fresh: true })
  .input(z.strictObject({ ...organizationInput, isRequired: z.boolean() }))
  .output(z.void())
  .mutation(({ ctx, input: { isRequired } }) =>
    requireSecondFactor(ctx.services, ctx.access, { isRequired, hasOwn: ctx.signedIn.session.isStrong }),
  )
