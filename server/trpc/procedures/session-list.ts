import { z } from 'zod'
import { signedInProcedure } from '../trpc.ts'

const output = z.array(
  z.strictObject({
    id: z.uuid(),
    createdAt: z.date(),
    lastUsedAt: z.date(),
    address: z.string().nullable(),
    userAgent: z.string().nullable(),
    isCurrent: z.boolean(),
  }),
)

/** A person's own sessions, the last used first. */
export const listSessions = signedInProcedure.output(output).query(async ({ ctx }) => {
  const { user, session } = ctx.signedIn
  const sessions = await ctx.services.auth.listSessions(user.id)
  return sessions.map(own => ({ ...own, isCurrent: own.id === session.id }))
})
