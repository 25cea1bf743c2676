import { eq } from 'drizzle-orm'
import { users } from '../../db/schema/accounts.ts'
import { nullIfNotFound } from '../errors.ts'
import { byAccount, byAddress, forgetAttempts, limitAttempts } from './attempts.ts'
import { type AuthOptions, addressHeader, createBetterAuth } from './better-auth.ts'
import { checkPassword } from './password-policy.ts'
import { endSession, keepSession, type OwnSession, ownSessions } from './session-life.ts'
import { asAppError } from './sign-in-errors.ts'
import { type NewUser, storeVerifiedUser } from './verified-user.ts'

/** Who signed in, and with which session. */
export interface SignedIn {
  user: { id: string; name: string; email: string }
  session: { id: string; createdAt: Date; expiresAt: Date }
}

/** Where a request comes from: its headers, and the client's address as the trusted proxies tell it. */
export interface RequestOrigin {
  headers: Headers
  ip: string
}

/** Set-Cookie headers for the answer. */
export interface WithCookies {
  cookies: string[]
}

/** People, their passwords and sessions. Every method throws {@link AppError}; none tells whether an account exists. */
export interface Auth {
  /** The session of a request's cookie, while it holds. */
  session(headers: Headers): Promise<SignedIn | null>
  /** Begins a new session; the one the request came with ends. */
  signIn(input: { email: string; password: string } & RequestOrigin): Promise<WithCookies>
  signOut(headers: Headers): Promise<WithCookies>
  /** Sends a link to confirm the address. Null where an account has it already: its owner gets another mail. */
  signUp(input: NewUser & RequestOrigin): Promise<{ userId: string | null }>
  verifyEmail(input: { token: string; ip: string }): Promise<void>
  requestReset(input: { email: string; ip: string }): Promise<void>
  /** Sets a new password by the mailed link and ends all sessions. */
  reset(input: { token: string; password: string; ip: string }): Promise<void>
  /** Sets a new password and ends all sessions but a new one. */
  changePassword(
    input: { signedIn: SignedIn; currentPassword: string; newPassword: string } & RequestOrigin,
  ): Promise<WithCookies>
  listSessions(userId: string): Promise<OwnSession[]>
  revokeSession(input: { userId: string; sessionId: string }): Promise<void>
  /** An account whose mailbox was shown otherwise: by an invitation's link, or by hand. */
  createVerifiedUser(user: NewUser): Promise<{ id: string }>
  /** The confirmed account of an address. */
  findVerifiedUser(email: string): Promise<{ id: string; name: string } | null>
}

/** better-auth behind our own face: nothing else knows of it. It reads real time. */
export function createAuth(options: AuthOptions): Auth {
  const { database } = options
  const library = createBetterAuth(options)
  const { api } = library

  const session: Auth['session'] = async headers => {
    const found = await api.getSession({ headers })
    if (!found || !(await keepSession(database, found.session, new Date()))) return null
    const { user, session } = found
    return {
      user: { id: user.id, name: user.name, email: user.email },
      session: { id: session.id, createdAt: session.createdAt, expiresAt: session.expiresAt },
    }
  }

  return {
    session,

    async signIn({ email, password, headers, ip }) {
      const account = byAccount('sign-in', email)
      await limitAttempts(database, [
        { key: byAddress('sign-in', ip), max: 60, windowMinutes: 15 },
        { key: account, max: 10, windowMinutes: 15 },
      ])
      const before = await session(headers)
      const { headers: answer } = await ours(() =>
        api.signInEmail({
          body: { email, password },
          headers: withAddress(headers, ip),
          returnHeaders: true,
        }),
      )
      await forgetAttempts(database, account)
      // Revoked meanwhile is as good.
      if (before) await endSession(database, before.user.id, before.session.id).catch(nullIfNotFound)
      return { cookies: answer.getSetCookie() }
    },

    async signOut(headers) {
      const { headers: answer } = await ours(() => api.signOut({ headers, returnHeaders: true }))
      return { cookies: answer.getSetCookie() }
    },

    async signUp({ name, email, password, headers, ip }) {
      checkPassword(password, { email, name }, 'password')
      await limitAttempts(database, [
        { key: byAddress('sign-up', ip), max: 20, windowMinutes: 60 },
        ...mailLimit(email),
      ])
      const { user } = await ours(() =>
        api.signUpEmail({ body: { name, email, password }, headers: withAddress(headers, ip) }),
      )
      // For an address that has an account the library answers with an id that nobody has.
      const [created] = await database.outsideTenant
        .select({ id: users.id })
        .from(users)
        .where(eq(users.id, user.id))
      return { userId: created?.id ?? null }
    },

    async verifyEmail({ token, ip }) {
      await limitAttempts(database, [linkLimit(ip)])
      await ours(() => api.verifyEmail({ query: { token } }))
    },

    async requestReset({ email, ip }) {
      await limitAttempts(database, [
        { key: byAddress('reset', ip), max: 20, windowMinutes: 60 },
        ...mailLimit(email),
      ])
      await ours(() => api.requestPasswordReset({ body: { email: email.toLowerCase() } }))
    },

    async reset({ token, password, ip }) {
      await limitAttempts(database, [linkLimit(ip)])
      checkPassword(password, { email: '' }, 'password')
      await ours(() => api.resetPassword({ body: { token, newPassword: password } }))
    },

    async changePassword({ signedIn, currentPassword, newPassword, headers, ip }) {
      checkPassword(newPassword, signedIn.user, 'newPassword')
      const account = byAccount('change-password', signedIn.user.email)
      await limitAttempts(database, [{ key: account, max: 10, windowMinutes: 15 }])
      const { headers: answer } = await ours(() =>
        api.changePassword({
          body: { currentPassword, newPassword, revokeOtherSessions: true },
          headers: withAddress(headers, ip),
          returnHeaders: true,
        }),
      )
      await forgetAttempts(database, account)
      return { cookies: answer.getSetCookie() }
    },

    listSessions: userId => ownSessions(database, userId, new Date()),
    revokeSession: ({ userId, sessionId }) => endSession(database, userId, sessionId),

    async createVerifiedUser({ name, email, password }) {
      checkPassword(password, { email, name }, 'password')
      const { password: passwords } = await library.$context
      return storeVerifiedUser(
        database,
        { name, email, passwordHash: await passwords.hash(password) },
        new Date(),
      )
    },

    async findVerifiedUser(email) {
      const [user] = await database.outsideTenant
        .select({ id: users.id, name: users.name, isVerified: users.emailVerified })
        .from(users)
        .where(eq(users.email, email.toLowerCase()))
      return user?.isVerified ? { id: user.id, name: user.name } : null
    },
  }
}

/** Mails to one mailbox, whoever asks for them. */
const mailLimit = (email: string) => [{ key: byAccount('mail', email), max: 5, windowMinutes: 60 }]

/** Links that arrive with a token to be guessed. */
const linkLimit = (ip: string) => ({ key: byAddress('link', ip), max: 60, windowMinutes: 60 })

function withAddress(headers: Headers, ip: string): Headers {
  const copy = new Headers(headers)
  copy.set(addressHeader, ip)
  return copy
}

async function ours<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw asAppError(error)
  }
}
