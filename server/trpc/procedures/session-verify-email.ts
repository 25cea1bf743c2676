import { z } from 'zod'
import { tokenField } from '../person-fields.ts'
import { publicProcedure } from '../trpc.ts'

/** Confirms an e-mail address by the mailed link's token. */
export const verifyEmail = publicProcedure
  .input(z.strictObject({ token: tokenField }))
  .output(z.void())
  .mutation(({ ctx, input }) => ctx.services.auth.verifyEmail({ token: input.token, ip: ctx.clientAddress }))
