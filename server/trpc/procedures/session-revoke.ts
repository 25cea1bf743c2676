import { z } from 'zod'
import { signedInProcedure } from '../trpc.ts'

/** Ends one of a person's own sessions. */
export const revokeSession = signedInProcedure
  .input(z.strictObject({ sessionId: z.uuid() }))
  .output(z.void())
  .mutation(({ ctx, input }) =>
    ctx.services.auth.revokeSession({ userId: ctx.signedIn.user.id, sessionId: input.sessionId }),
  )
