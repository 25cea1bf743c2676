import { z } from 'zod'
import { passwordField } from '../person-fields.ts'
import { signedInProcedure } from '../trpc.ts'

/** Sets a new password by the current one. Other sessions end, this one is replaced. */
export const changePassword = signedInProcedure
  .input(z.strictObject({ currentPassword: passwordField, newPassword: passwordField }))
  .output(z.void())
  .mutation(async ({ ctx, input }) => {
    const { cookies } = await ctx.services.auth.changePassword({
      ...input,
      signedIn: ctx.signedIn,
      headers: ctx.headers,
      ip: ctx.clientAddress,
    })
    for (const cookie of cookies) ctx.setCookie(cookie)
  })
