import { z } from 'zod'
import { passwordField, tokenField } from '../person-fields.ts'
import { publicProcedure } from '../trpc.ts'

/** Sets a new password by the mailed link's token and ends all sessions of the account. */
export const resetPassword = publicProcedure
  .input(z.strictObject({ token: tokenField, password: passwordField }))
  .output(z.void())
  .mutation(async ({ ctx, input }) => {
    const { cookies } = await ctx.services.auth.reset({ ...input, ip: ctx.clientAddress })
    for (const cookie of cookies) ctx.setCookie(cookie)
  })
