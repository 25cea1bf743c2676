import { z } from 'zod'
import { signInChangeProcedure } from '../trpc.ts'

/** Forgets one of a person's own passkeys. */
export const passkeyRemove = signInChangeProcedure
  .input(z.strictObject({ passkeyId: z.uuid() }))
  .output(z.void())
  .mutation(({ ctx, input }) =>
    ctx.services.auth.passkeys.remove({ signedIn: ctx.signedIn, id: input.passkeyId }),
  )
