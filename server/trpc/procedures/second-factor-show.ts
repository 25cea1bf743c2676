import { z } from 'zod'
import { isFresh } from '../../auth/freshness.ts'
import { signedInProcedure } from '../trpc.ts'

const output = z.strictObject({
  app: z.strictObject({
    isOn: z.boolean(),
    backupCodesLeft: z.int(),
    /** What an app that waits for its first code has to know; only for who signed in just now. */
    pending: z
      .strictObject({
        key: z.string(),
        uri: z.string(),
        qr: z.strictObject({ size: z.int(), path: z.string() }),
      })
      .nullable(),
  }),
  passkeys: z.array(
    z.strictObject({
      id: z.uuid(),
      name: z.string(),
      isBackedUp: z.boolean(),
      createdAt: z.date(),
      lastUsedAt: z.date().nullable(),
    }),
  ),
  /** Whether this session began with a second factor. */
  isStrong: z.boolean(),
})

/** A person's own second factors. */
export const secondFactorShow = signedInProcedure.output(output).query(async ({ ctx }) => {
  const { auth } = ctx.services
  const { user, session } = ctx.signedIn
  const app = await auth.app.show(user)
  return {
    app: { ...app, pending: isFresh(session, new Date()) ? app.pending : null },
    passkeys: await auth.passkeys.list(user.id),
    isStrong: session.isStrong,
  }
})
