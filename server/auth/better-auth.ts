import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { betterAuth } from 'better-auth/minimal'
import { twoFactor } from 'better-auth/plugins/two-factor'
import { eq } from 'drizzle-orm'
import type { Logger } from 'pino'
import type { Database } from '../../db/client.ts'
import { credentials, sessions, twoFactors, users, verifications } from '../../db/schema/accounts.ts'
import { newId } from '../ledger/ids.ts'
import type { Mailer } from '../mail.ts'
import { productName } from '../product.ts'
import type { Secret } from '../vault/secret.ts'
import { beginSessionPlugin } from './begin-session.ts'
import { longestPassword, shortestPassword } from './password-policy.ts'
import { absoluteSeconds } from './session-life.ts'

export interface AuthOptions {
  database: Database
  config: {
    /** Where people reach the product, without a trailing slash. */
    appOrigin: string
    authSecret: Secret
  }
  mailer: Mailer
  logger: Logger
}

/** Carries the address that the trusted proxies told; whatever a client sends under this name is overwritten. */
export const addressHeader = 'x-attestry-client-address'

/**
 * The library, set up as design demands. None of its HTTP routes are mounted, so its own rate limit and origin check
 * never see a request: attempts.ts and the border do that work. The authenticator app is its plugin; passkeys are ours.
 */
export function createBetterAuth({ database, config, logger }: AuthOptions) {
  const { appOrigin } = config
  const isSecure = appOrigin.startsWith('https:')
  return betterAuth({
    appName: productName,
    baseURL: appOrigin,
    trustedOrigins: [appOrigin],
    secret: config.authSecret.reveal(),
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: { level: 'error', log: (_level, message) => logger.error({ part: 'better-auth' }, message) },
    database: readingEvenly(
      drizzleAdapter(database.outsideTenant, {
        provider: 'pg',
        schema: {
          user: users,
          session: sessions,
          account: credentials,
          verification: verifications,
          twoFactor: twoFactors,
        },
        transaction: true,
      }),
    ),
    // Browsers are never trusted to go without the code.
    plugins: [twoFactor({ issuer: productName, trustDeviceMaxAge: 0 }), beginSessionPlugin()],
    account: { accountLinking: { enabled: false } },
    session: {
      expiresIn: absoluteSeconds,
      additionalFields: { isStrong: { type: 'boolean', required: false, defaultValue: false, input: false } },
      // The absolute end does not move; idleness is measured in session-life.ts.
      disableSessionRefresh: true,
      cookieCache: { enabled: false },
    },
    verification: { storeIdentifier: 'hashed' },
    emailAndPassword: {
      enabled: true,
      // Accounts are made by registrations.ts and invitations, once the mailbox was shown.
      disableSignUp: true,
      requireEmailVerification: true,
      minPasswordLength: shortestPassword,
      maxPasswordLength: longestPassword,
      revokeSessionsOnPasswordReset: true,
      // The link was read in the mailbox: that confirms an address, too.
      onPasswordReset: async ({ user }) => {
        await database.outsideTenant.update(users).set({ emailVerified: true }).where(eq(users.id, user.id))
      },
    },
    advanced: {
      // The library knows `__Secure-` only. `__Host-` binds a cookie to this one host: a sibling's cannot take its place.
      cookiePrefix: `${isSecure ? '__Host-' : ''}attestry`,
      useSecureCookies: false,
      defaultCookieAttributes: { secure: isSecure },
      ipAddress: { ipAddressHeaders: [addressHeader] },
      database: { generateId: newId },
      backgroundTasks: { handler: mailInBackground(logger) },
    },
  })
}

export type Library = ReturnType<typeof createBetterAuth>

/**
 * Looks for a password also where nobody has the address: the library would spare itself the second statement, and how
 * long a sign-in takes would tell.
 */
function readingEvenly(connect: ReturnType<typeof drizzleAdapter>): typeof connect {
  return options => {
    const adapter = connect(options)
    return {
      ...adapter,
      async findOne<T>(query: Parameters<typeof adapter.findOne>[0]) {
        const found = await adapter.findOne<T>(query)
        if (found === null && query.join?.account)
          await adapter.findMany({ model: 'account', where: [{ field: 'userId', value: newId() }] })
        return found
      },
    }
  }
}

/** Mails leave behind the answer's back: how long they take must not tell whether an account exists. */
export const mailInBackground = (logger: Logger) => (task: Promise<unknown>) =>
  void task.catch((error: unknown) => logger.error({ err: error }, 'sending a mail failed'))
