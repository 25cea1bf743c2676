import { z } from 'zod'
import { safeRedirect } from '../../http/safe-redirect.ts'
import { credentialField } from '../person-fields.ts'
import { publicProcedure } from '../trpc.ts'

const input = z.strictObject({
  credential: credentialField,
  /** Where the person wanted to go. */
  to: z.string().max(2_000).optional(),
})

/** Begins a session with a passkey: no password, no address, no code. */
export const passkeySignIn = publicProcedure
  .input(input)
  .output(z.strictObject({ to: z.string() }))
  .mutation(async ({ ctx, input }) => {
    const { cookies } = await ctx.services.auth.signInWithPasskey({
      credential: input.credential,
      headers: ctx.headers,
      ip: ctx.clientAddress,
    })
    for (const cookie of cookies) ctx.setCookie(cookie)
    return { to: safeRedirect(input.to) }
  })
