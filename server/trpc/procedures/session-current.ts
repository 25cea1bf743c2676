import { z } from 'zod'
import { isFresh } from '../../auth/freshness.ts'
import { publicProcedure } from '../trpc.ts'

const output = z
  .strictObject({
    user: z.strictObject({ id: z.uuid(), name: z.string(), email: z.string() }),
    session: z.strictObject({
      id: z.uuid(),
      createdAt: z.date(),
      expiresAt: z.date(),
      isFresh: z.boolean(),
      isStrong: z.boolean(),
    }),
  })
  .nullable()

/** Who is signed in; null for nobody. */
export const sessionCurrent = publicProcedure.output(output).query(({ ctx }) => {
  if (!ctx.signedIn) return null
  const { user, session } = ctx.signedIn
  return { user, session: { ...session, isFresh: isFresh(session, new Date()) } }
})
