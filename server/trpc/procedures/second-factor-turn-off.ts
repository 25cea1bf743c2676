import { z } from 'zod'
import { passwordField } from '../person-fields.ts'
import { signInChangeProcedure } from '../trpc.ts'

/** Forgets the authenticator app and the backup codes. */
export const secondFactorTurnOff = signInChangeProcedure
  .input(z.strictObject({ password: passwordField }))
  .output(z.void())
  .mutation(async ({ ctx, input }) => {
    const { cookies } = await ctx.services.auth.app.turnOff({
      password: input.password,
      signedIn: ctx.signedIn,
      headers: ctx.headers,
    })
    for (const cookie of cookies) ctx.setCookie(cookie)
  })
