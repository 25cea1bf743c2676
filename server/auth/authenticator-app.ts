import { hash } from 'node:crypto'
import { symmetricDecrypt } from 'better-auth/crypto'
import { and, eq, ne } from 'drizzle-orm'
import { encode } from 'uqr'
import type { Database } from '../../db/client.ts'
import { sessions, twoFactors } from '../../db/schema/accounts.ts'
import { AppError } from '../errors.ts'
import type { Mailer } from '../mail.ts'
import { productName } from '../product.ts'
import { byAccount, limitAttempts } from './attempts.ts'
import type { SignedIn, WithCookies } from './auth.ts'
import { sessionTokenIn } from './begin-session.ts'
import type { Library } from './better-auth.ts'
import { signInChangedMail } from './mails.ts'
import { markStrong } from './session-life.ts'
import { asAppError } from './sign-in-errors.ts'

/** What an authenticator app has to know, until a first code shows that it does. */
export interface PendingApp {
  /** The secret in base32, in groups of four, for who types it. */
  key: string
  uri: string
  /** The address as a QR code: its side in modules, and the dark ones as an SVG path. */
  qr: { size: number; path: string }
}

/** A person's authenticator app (TOTP, RFC 6238) and backup codes. Methods throw {@link AppError}. */
export interface AuthenticatorApp {
  show(
    user: SignedIn['user'],
  ): Promise<{ isOn: boolean; backupCodesLeft: number; pending: PendingApp | null }>
  /** Makes a secret, which counts once {@link confirm} was given a code of it. */
  begin(input: { password: string; signedIn: SignedIn; headers: Headers }): Promise<void>
  /** Turns it on by a first code. Other sessions end; this one is replaced by one that counts as strong. */
  confirm(input: {
    code: string
    signedIn: SignedIn
    headers: Headers
  }): Promise<WithCookies & { backupCodes: string[] }>
  renewBackupCodes(input: {
    password: string
    signedIn: SignedIn
    headers: Headers
  }): Promise<{ backupCodes: string[] }>
  turnOff(input: { password: string; signedIn: SignedIn; headers: Headers }): Promise<WithCookies>
  /** Completes a sign-in whose password was right: with a code of the app, or a backup code. */
  answerChallenge(input: {
    code: string
    headers: Headers
  }): Promise<WithCookies & { userId: string; email: string; isOfApp: boolean }>
}

export function createAuthenticatorApp(options: {
  database: Database
  library: Library
  mailer: Mailer
  /** For what leaves behind the answer's back. */
  background: (task: Promise<unknown>) => void
}): AuthenticatorApp {
  const { database, library, mailer, background } = options
  const { api } = library
  const rowOf = async (userId: string) => {
    const [row] = await database.outsideTenant.select().from(twoFactors).where(eq(twoFactors.userId, userId))
    return row
  }
  const codesOf = async (userId: string) =>
    (await ours(() => api.viewBackupCodes({ body: { userId } }))).backupCodes
  const tell = ({ user }: SignedIn, what: string) => background(mailer.send(signInChangedMail(user, what)))

  return {
    async show({ id, email }) {
      const row = await rowOf(id)
      if (!row) return { isOn: false, backupCodesLeft: 0, pending: null }
      if (row.verified) {
        return { isOn: true, backupCodesLeft: (await codesOf(id)).length, pending: null }
      }
      const { secretConfig } = await library.$context
      const secret = await symmetricDecrypt({ key: secretConfig, data: row.secret })
      return { isOn: false, backupCodesLeft: 0, pending: pendingApp(secret, email) }
    },

    async begin({ password, signedIn, headers }) {
      await limitPassword(database, signedIn)
      await ours(() => api.enableTwoFactor({ body: { password, method: 'totp' }, headers }))
    },

    async confirm({ code, signedIn, headers }) {
      const { user } = signedIn
      await useOnce(database, user.id, code)
      const { headers: answer } = await ours(() =>
        api.verifyTOTP({ body: { code }, headers, returnHeaders: true }),
      )
      const cookies = answer.getSetCookie()
      const token = sessionTokenIn(cookies)
      if (token) {
        await markStrong(database, token)
        await database.outsideTenant
          .delete(sessions)
          .where(and(eq(sessions.userId, user.id), ne(sessions.token, token)))
      }
      tell(signedIn, 'An authenticator app is asked for a code from now on.')
      return { cookies, backupCodes: await codesOf(user.id) }
    },

    async renewBackupCodes({ password, signedIn, headers }) {
      await limitPassword(database, signedIn)
      const { backupCodes } = await ours(() => api.generateBackupCodes({ body: { password }, headers }))
      tell(signedIn, 'There are new backup codes; the old ones are no longer good.')
      return { backupCodes }
    },

    async turnOff({ password, signedIn, headers }) {
      await limitPassword(database, signedIn)
      const { headers: answer } = await ours(() =>
        api.disableTwoFactor({ body: { password }, headers, returnHeaders: true }),
      )
      tell(signedIn, 'The authenticator app and the backup codes are no longer asked for.')
      return { cookies: answer.getSetCookie() }
    },

    async answerChallenge({ code, headers }) {
      const body = { code: code.replace(/\s/g, '') }
      const isOfApp = /^\d{6}$/.test(body.code)
      // With the pending sign-in alone: beside a session the library would take the code for that session’s person.
      const asked = { body, headers: challengeOnly(headers), returnHeaders: true } as const
      const { headers: answer, response } = await ours(() =>
        isOfApp ? api.verifyTOTP(asked) : api.verifyBackupCode(asked),
      )
      const cookies = answer.getSetCookie()
      const token = sessionTokenIn(cookies)
      const { id, email } = response.user
      if (!token) throw new AppError('internal', 'a right code began no session')
      try {
        if (isOfApp) await useOnce(database, id, body.code)
      } catch (error) {
        await database.outsideTenant.delete(sessions).where(eq(sessions.token, token))
        throw error
      }
      await markStrong(database, token)
      return { cookies, userId: id, email, isOfApp }
    },
  }
}

/** Guesses at the password of who is signed in. */
const limitPassword = (database: Database, { user }: SignedIn) =>
  limitAttempts(database, [{ key: byAccount('second-factor', user.email), max: 10, windowMinutes: 15 }])

/** A code that was seen over a shoulder is good for nothing: each is taken once (RFC 6238, 5.2). */
async function useOnce(database: Database, userId: string, code: string) {
  const key = `code:${hash('sha256', `${userId} ${code}`, 'hex')}`
  await limitAttempts(database, [{ key, max: 1, windowMinutes: 2 }]).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'too_many_requests') throw error
    throw new AppError('bad_input', 'a code was used twice', {
      fields: { code: 'This code has been used. Wait for the next one.' },
    })
  })
}

function challengeOnly(headers: Headers): Headers {
  const copy = new Headers(headers)
  const cookies = (headers.get('cookie') ?? '').split(/;\s*/)
  copy.set('cookie', cookies.filter(cookie => /^[^=]*\.two_factor=/.test(cookie)).join('; '))
  return copy
}

function pendingApp(secret: string, email: string): PendingApp {
  const key = base32(Buffer.from(secret))
  const label = `${encodeURIComponent(productName)}:${encodeURIComponent(email)}`
  const parameters = new URLSearchParams({ secret: key, issuer: productName, digits: '6', period: '30' })
  const uri = `otpauth://totp/${label}?${parameters}`
  const { size, data } = encode(uri, { border: 2 })
  const path = data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return { key: key.replace(/(.{4})(?=.)/g, '$1 '), uri, qr: { size, path } }
}

/** RFC 4648 without padding. */
function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map(byte => byte.toString(2).padStart(8, '0')).join('')
  const groups = bits.match(/.{1,5}/g) ?? []
  return groups
    .map(group => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(group.padEnd(5, '0'), 2)])
    .join('')
}

async function ours<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw asAppError(error)
  }
}
