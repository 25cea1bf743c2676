import { createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { z } from 'zod'

/** Lets us begin a session for a person whom we have recognised ourselves; never an HTTP route. */
export const beginSessionPlugin = () => ({
  id: 'begin-session',
  endpoints: {
    beginSession: createAuthEndpoint.serverOnly(
      { method: 'POST', body: z.strictObject({ userId: z.uuid() }) },
      async ctx => {
        const { internalAdapter } = ctx.context
        const user = await internalAdapter.findUserById(ctx.body.userId)
        if (!user) return ctx.json({ isBegun: false })
        const session = await internalAdapter.createSession(user.id, false)
        await setSessionCookie(ctx, { session, user })
        return ctx.json({ isBegun: true })
      },
    ),
  },
})

/** The token of the session that an answer's cookies begin; null where they begin none. */
export function sessionTokenIn(cookies: readonly string[]): string | null {
  for (const cookie of cookies) {
    const [, value = ''] = /^[^=]*session_token=([^;]+)/.exec(cookie) ?? []
    const [token = ''] = decodeURIComponent(value).split('.')
    if (token !== '') return token
  }
  return null
}
