import { z } from 'zod'
import { publicProcedure } from '../trpc.ts'

/** Ends the session; without one it does nothing. */
export const signOut = publicProcedure.output(z.void()).mutation(async ({ ctx }) => {
  const { cookies } = await ctx.services.auth.signOut(ctx.headers)
  for (const cookie of cookies) ctx.setCookie(cookie)
})
