import { z } from 'zod'
import { confirmRegistration } from '../../members/register.ts'
import { tokenField } from '../person-fields.ts'
import { publicProcedure } from '../trpc.ts'

/** Confirms an e-mail address by the mailed link's token: there is an account from then on, and its organization. */
export const verifyEmail = publicProcedure
  .input(z.strictObject({ token: tokenField }))
  .output(z.void())
  .mutation(({ ctx, input }) => confirmRegistration(ctx.services, { ...input, ip: ctx.clientAddress }))
