import { z } from 'zod'
import { emailField } from '../person-fields.ts'
import { publicProcedure } from '../trpc.ts'

/** Mails a link to set a new password. The answer is the same for an address without an account. */
export const requestPasswordReset = publicProcedure
  .input(z.strictObject({ email: emailField }))
  .output(z.void())
  .mutation(({ ctx, input }) => ctx.services.auth.requestReset({ email: input.email, ip: ctx.clientAddress }))
