import { z } from 'zod'
import { passwordField } from '../person-fields.ts'
import { signInChangeProcedure } from '../trpc.ts'

/** New backup codes, told here, once; the old ones are no longer good. */
export const secondFactorRenewCodes = signInChangeProcedure
  .input(z.strictObject({ password: passwordField }))
  .output(z.strictObject({ backupCodes: z.array(z.string()) }))
  .mutation(({ ctx, input }) =>
    ctx.services.auth.app.renewBackupCodes({
      password: input.password,
      signedIn: ctx.signedIn,
      headers: ctx.headers,
    }),
  )
