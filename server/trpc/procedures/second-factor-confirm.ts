import { z } from 'zod'
import { codeField } from '../person-fields.ts'
import { signInChangeProcedure } from '../trpc.ts'

/** Turns the authenticator app on by its first code. The backup codes are told here, once. */
export const secondFactorConfirm = signInChangeProcedure
  .input(z.strictObject({ code: codeField }))
  .output(z.strictObject({ backupCodes: z.array(z.string()) }))
  .mutation(async ({ ctx, input }) => {
    const { cookies, backupCodes } = await ctx.services.auth.app.confirm({
      code: input.code,
      signedIn: ctx.signedIn,
      headers: ctx.headers,
    })
    for (const cookie of cookies) ctx.setCookie(cookie)
    return { backupCodes }
  })
