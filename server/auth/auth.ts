import { randomBytes } from 'node:crypto'
import { eq, lte } from 'drizzle-orm'
import { sessions, users, verifications } from '../../db/schema/accounts.ts'
import { AppError, nullIfNotFound } from '../errors.ts'
import { newId } from '../ledger/ids.ts'
import { byAccount, byAddress, forgetAttempts, limitAttempts } from './attempts.ts'
import { type AuthenticatorApp, createAuthenticatorApp } from './authenticator-app.ts'
import { sessionTokenIn } from './begin-session.ts'
import { type AuthOptions, addressHeader, createBetterAuth, mailInBackground } from './better-auth.ts'
import { createKnownBrowsers } from './known-browsers.ts'
import { resetPasswordMail, signInChangedMail } from './mails.ts'
import { createPasskeys, type Passkeys } from './passkeys.ts'
import { checkPassword } from './password-policy.ts'
import {
  type ConfirmedRegistration,
  createRegistrations,
  dropOldRegistrations,
  type NewRegistration,
  type Registrations,
} from './registrations.ts'
import { sessionCookieReader } from './session-cookie.ts'
import {
  endSession,
  markStrong,
  type OwnSession,
  ownSessions,
  type SignedIn,
  sessionLookUp,
} from './session-life.ts'
import { asAppError } from './sign-in-errors.ts'
import { type NewUser, storeVerifiedUser } from './verified-user.ts'

export type { SignedIn } from './session-life.ts'

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
  /**
   * Begins a new session, or, where the account has an authenticator app, a sign-in that waits for its code. The
   * session the request came with ends.
   */
  signIn(
    input: { email: string; password: string } & RequestOrigin,
  ): Promise<WithCookies & { isComplete: boolean }>
  /** Completes a sign-in that waits for a code of the app, or a backup code. */
  signInWithCode(input: { code: string } & RequestOrigin): Promise<WithCookies>
  beginSignInWithPasskey(ip: string): ReturnType<Passkeys['beginSignIn']>
  signInWithPasskey(input: { credential: string } & RequestOrigin): Promise<WithCookies>
  signOut(headers: Headers): Promise<WithCookies>
  /** Sends a link that makes the account. Where one has the address already its owner gets another mail. */
  register(input: NewRegistration & { ip: string }): Promise<void>
  /** By the mailed link's token: the account is there from then on. */
  confirmRegistration(input: { token: string; ip: string }): Promise<ConfirmedRegistration>
  noteOpened: Registrations['noteOpened']
  requestReset(input: { email: string; ip: string }): Promise<void>
  /** Sets a new password by the mailed link and ends all sessions. The browser is known to the account from then on. */
  reset(input: { token: string; password: string; ip: string }): Promise<WithCookies>
  /** Sets a new password and ends all sessions but a new one. */
  changePassword(
    input: { signedIn: SignedIn; currentPassword: string; newPassword: string } & RequestOrigin,
  ): Promise<WithCookies>
  app: AuthenticatorApp
  passkeys: Pick<Passkeys, 'list' | 'beginRegistration'> & {
    /** The session counts as strong from then on. */
    register(input: { signedIn: SignedIn; name: string; credential: string }): Promise<void>
    remove(input: { signedIn: SignedIn; id: string; confirmation: string }): Promise<void>
  }
  /** Whether there is an authenticator app or a passkey. */
  hasSecondFactor(userId: string): Promise<boolean>
  listSessions(userId: string): Promise<OwnSession[]>
  revokeSession(input: { userId: string; sessionId: string }): Promise<void>
  /** An account whose mailbox was shown otherwise: by an invitation's link, or by hand. */
  createVerifiedUser(user: NewUser): Promise<{ id: string }>
  /** The confirmed account of an address. */
  findVerifiedUser(email: string): Promise<{ id: string; name: string } | null>
  /** Drops what waited for a mailed link that is good no longer. */
  dropExpired(): Promise<void>
}

/** better-auth behind our own face: nothing else knows of it. It reads real time. */
export function createAuth(options: AuthOptions): Auth {
  const { database, config, mailer } = options
  const library = createBetterAuth(options)
  const background = mailInBackground(options.logger)
  const app = createAuthenticatorApp({ database, library, mailer, background })
  const passkeys = createPasskeys({ database, appOrigin: config.appOrigin })
  const browsers = createKnownBrowsers(config)
  const hashPassword = async (password: string) => (await library.$context).password.hash(password)
  const { appOrigin } = config
  const registrations = createRegistrations({ database, appOrigin, mailer, hashPassword, background })
  const { api } = library

  const tokenIn = sessionCookieReader(config)
  const lookUp = sessionLookUp(database)

  const session: Auth['session'] = async headers => {
    const token = tokenIn(headers)
    return token === null ? null : lookUp(token, new Date())
  }

  /** Whose mailbox a link that sets a new password was sent to; null for a link that is none. */
  const emailOfReset = async (token: string) => {
    const { internalAdapter } = await library.$context
    const link = await internalAdapter.findVerificationValue(resetLink(token))
    const user = link && (await internalAdapter.findUserById(link.value))
    return user?.email ?? null
  }
  /**
   * Stores a link whoever asks, and mails it to the account's owner. Without an account it leads to nobody, and nobody is
   * told its token: looking and storing are the same work in both cases.
   */
  const askToReset = async (email: string) => {
    const [user] = await database.outsideTenant
      .select({ id: users.id, name: users.name, email: users.email })
      .from(users)
      .where(eq(users.email, email))
    const token = randomBytes(32).toString('base64url')
    const { internalAdapter } = await library.$context
    await internalAdapter.createVerificationValue({
      identifier: resetLink(token),
      value: user?.id ?? newId(),
      expiresAt: new Date(Date.now() + 60 * 60_000),
    })
    if (user) background(mailer.send(resetPasswordMail(user, `${appOrigin}/reset?token=${token}`)))
  }
  /** Who got in, and by what: what did not is logged by the border, with the reason. */
  const noteSignIn = (
    userId: string,
    by: 'password' | 'passkey' | 'password and code' | 'password and backup code',
  ) => options.logger.info({ userId, by }, 'signed in')
  /** Revoked meanwhile is as good. */
  const end = async (before: SignedIn | null) => {
    if (before) await endSession(database, before.user.id, before.session.id).catch(nullIfNotFound)
  }

  return {
    session,

    async signIn({ email, password, headers, ip }) {
      const browser = browsers.recognise(headers, email)
      const account = browser === null ? byAccount('sign-in', email) : `sign-in:browser:${browser}`
      await limitAttempts(database, [
        { key: byAddress('sign-in', ip), max: 60, windowMinutes: 15 },
        { key: account, max: 10, windowMinutes: 15, ...(browser === null ? { instead } : {}) },
      ])
      const before = await session(headers)
      const { headers: answer, response } = await ours(() =>
        api.signInEmail({
          body: { email, password },
          headers: withAddress(headers, ip),
          returnHeaders: true,
        }),
      )
      await forgetAttempts(database, account)
      await end(before)
      const cookies = answer.getSetCookie()
      if ('twoFactorRedirect' in response) return { cookies, isComplete: false }
      noteSignIn(response.user.id, 'password')
      return { cookies: [...cookies, browsers.remember(email)], isComplete: true }
    },

    async signInWithCode({ code, headers, ip }) {
      await limitAttempts(database, [{ key: byAddress('code', ip), max: 60, windowMinutes: 15 }])
      const { cookies, userId, email, isOfApp } = await app.answerChallenge({
        code,
        headers: withAddress(headers, ip),
      })
      noteSignIn(userId, isOfApp ? 'password and code' : 'password and backup code')
      return { cookies: [...cookies, browsers.remember(email)] }
    },

    async beginSignInWithPasskey(ip) {
      await limitAttempts(database, [{ key: byAddress('passkey', ip), max: 120, windowMinutes: 15 }])
      return passkeys.beginSignIn()
    },

    async signInWithPasskey({ credential, headers, ip }) {
      await limitAttempts(database, [{ key: byAddress('passkey', ip), max: 120, windowMinutes: 15 }])
      const { userId, email } = await passkeys.recognise(credential)
      const before = await session(headers)
      const { headers: answer } = await ours(() =>
        api.beginSession({ body: { userId }, headers: withAddress(headers, ip), returnHeaders: true }),
      )
      const cookies = answer.getSetCookie()
      const token = sessionTokenIn(cookies)
      if (!token) throw new AppError('internal', 'a recognised passkey began no session')
      await markStrong(database, token)
      noteSignIn(userId, 'passkey')
      await end(before)
      return { cookies: [...cookies, browsers.remember(email)] }
    },

    async signOut(headers) {
      const { headers: answer } = await ours(() => api.signOut({ headers, returnHeaders: true }))
      return { cookies: answer.getSetCookie() }
    },

    async register({ ip, ...registration }) {
      const { name, email, password } = registration
      checkPassword(password, { email, name }, 'password')
      await limitAttempts(database, [
        { key: byAddress('sign-up', ip), max: 20, windowMinutes: 60 },
        ...mailLimit(email),
      ])
      await registrations.ask(registration)
    },

    async confirmRegistration({ token, ip }) {
      await limitAttempts(database, [linkLimit(ip)])
      return registrations.confirm(token)
    },

    noteOpened: registrations.noteOpened,

    async requestReset({ email, ip }) {
      await limitAttempts(database, [
        { key: byAddress('reset', ip), max: 20, windowMinutes: 60 },
        ...mailLimit(email),
      ])
      await askToReset(email.toLowerCase())
    },

    async reset({ token, password, ip }) {
      await limitAttempts(database, [linkLimit(ip)])
      checkPassword(password, { email: '' }, 'password')
      const email = await emailOfReset(token)
      await ours(() => api.resetPassword({ body: { token, newPassword: password } }))
      return { cookies: email === null ? [] : [browsers.remember(email)] }
    },

    async changePassword({ signedIn, currentPassword, newPassword, headers, ip }) {
      checkPassword(newPassword, signedIn.user, 'newPassword')
      const account = byAccount('change-password', signedIn.user.email)
      await limitAttempts(database, [{ key: account, max: 10, windowMinutes: 15 }])
      const { headers: answer } = await ours(
        () =>
          api.changePassword({
            body: { currentPassword, newPassword, revokeOtherSessions: true },
            headers: withAddress(headers, ip),
            returnHeaders: true,
          }),
        'currentPassword',
      )
      await forgetAttempts(database, account)
      const cookies = answer.getSetCookie()
      const token = sessionTokenIn(cookies)
      if (token && signedIn.session.isStrong) await markStrong(database, token)
      background(mailer.send(signInChangedMail(signedIn.user, 'The password is another one.')))
      return { cookies }
    },

    app,
    passkeys: {
      list: passkeys.list,
      beginRegistration: passkeys.beginRegistration,
      async register({ signedIn: { user, session }, name, credential }) {
        await passkeys.register({ userId: user.id, name, credential })
        await database.outsideTenant
          .update(sessions)
          .set({ isStrong: true })
          .where(eq(sessions.id, session.id))
        background(mailer.send(signInChangedMail(user, `There is a new passkey, “${name}”.`)))
      },
      async remove({ signedIn: { user }, id, confirmation }) {
        await passkeys.remove({ userId: user.id, id, confirmation })
        background(mailer.send(signInChangedMail(user, 'A passkey was removed.')))
      },
    },

    async hasSecondFactor(userId) {
      const [user] = await database.outsideTenant
        .select({ hasApp: users.twoFactorEnabled })
        .from(users)
        .where(eq(users.id, userId))
      return user?.hasApp === true || (await passkeys.list(userId)).length > 0
    },

    listSessions: userId => ownSessions(database, userId, new Date()),
    revokeSession: ({ userId, sessionId }) => endSession(database, userId, sessionId),

    async createVerifiedUser({ name, email, password }) {
      checkPassword(password, { email, name }, 'password')
      const passwordHash = await hashPassword(password)
      return database.outsideTenant.transaction(transaction =>
        storeVerifiedUser(transaction, { name, email, passwordHash }, new Date()),
      )
    },

    async findVerifiedUser(email) {
      const [user] = await database.outsideTenant
        .select({ id: users.id, name: users.name, isVerified: users.emailVerified })
        .from(users)
        .where(eq(users.email, email.toLowerCase()))
      return user?.isVerified ? { id: user.id, name: user.name } : null
    },

    async dropExpired() {
      const now = new Date()
      await dropOldRegistrations(database, now)
      await database.outsideTenant.delete(verifications).where(lte(verifications.expiresAt, now))
    },
  }
}

/** As the library calls it, which sets the new password. */
const resetLink = (token: string) => `reset-password:${token}`

/** Mails to one mailbox, whoever asks for them. */
const mailLimit = (email: string) => [{ key: byAccount('mail', email), max: 5, windowMinutes: 60 }]

/** Links that arrive with a token to be guessed. */
const linkLimit = (ip: string) => ({ key: byAddress('link', ip), max: 60, windowMinutes: 60 })

function withAddress(headers: Headers, ip: string): Headers {
  const copy = new Headers(headers)
  copy.set(addressHeader, ip)
  return copy
}

const instead =
  'These are guesses from browsers in which you never signed in. One in which you did, a passkey, or a new password by mail gets you in at once.'

async function ours<T>(call: () => Promise<T>, passwordField?: string): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw asAppError(error, passwordField)
  }
}
