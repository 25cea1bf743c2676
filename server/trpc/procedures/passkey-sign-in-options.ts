import { z } from 'zod'
import { ceremonyOptions } from '../person-fields.ts'
import { publicProcedure } from '../trpc.ts'

/** What a browser asks its authenticators to sign; good for five minutes, once. */
export const passkeySignInOptions = publicProcedure
  .input(z.strictObject({}))
  .output(ceremonyOptions)
  .mutation(async ({ ctx }) => ({
    options: { ...(await ctx.services.auth.beginSignInWithPasskey(ctx.clientAddress)) },
  }))
