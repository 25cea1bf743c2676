import { z } from 'zod'
import { safeRedirect } from '../../http/safe-redirect.ts'
import { codeField } from '../person-fields.ts'
import { publicProcedure } from '../trpc.ts'

const input = z.strictObject({
  code: codeField,
  /** Where the person wanted to go. */
  to: z.string().max(2_000).optional(),
})

/** Completes a sign-in that waits for a code of the authenticator app, or for a backup code. */
export const signInCode = publicProcedure
  .input(input)
  .output(z.strictObject({ to: z.string() }))
  .mutation(async ({ ctx, input }) => {
    const { cookies } = await ctx.services.auth.signInWithCode({
      code: input.code,
      headers: ctx.headers,
      ip: ctx.clientAddress,
    })
    for (const cookie of cookies) ctx.setCookie(cookie)
    return { to: safeRedirect(input.to) }
  })
