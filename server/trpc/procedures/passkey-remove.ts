import { z } from 'zod'
import { formText } from '../connection-fields.ts'
import { signInChangeProcedure } from '../trpc.ts'

/** Forgets one of a person's own passkeys, whose name was typed. */
export const passkeyRemove = signInChangeProcedure
  .input(z.strictObject({ passkeyId: z.uuid(), confirmation: formText }))
  .output(z.void())
  .mutation(({ ctx, input }) =>
    ctx.services.auth.passkeys.remove({
      signedIn: ctx.signedIn,
      id: input.passkeyId,
      confirmation: input.confirmation,
    }),
  )
