import { z } from 'zod'
import { passwordField } from '../person-fields.ts'
import { signInChangeProcedure } from '../trpc.ts'

/** Makes a secret for an authenticator app; it counts once a first code was right. */
export const secondFactorBegin = signInChangeProcedure
  .input(z.strictObject({ password: passwordField }))
  .output(z.void())
  .mutation(({ ctx, input }) =>
    ctx.services.auth.app.begin({ ...input, signedIn: ctx.signedIn, headers: ctx.headers }),
  )
