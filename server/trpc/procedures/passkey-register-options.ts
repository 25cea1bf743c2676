import { z } from 'zod'
import { ceremonyOptions } from '../person-fields.ts'
import { signInChangeProcedure } from '../trpc.ts'

/** What a browser asks an authenticator to make; good for five minutes, once, for this person. */
export const passkeyRegisterOptions = signInChangeProcedure
  .input(z.strictObject({}))
  .output(ceremonyOptions)
  .mutation(async ({ ctx }) => ({
    options: { ...(await ctx.services.auth.passkeys.beginRegistration(ctx.signedIn.user)) },
  }))
