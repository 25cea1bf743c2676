import { bigint, boolean, index, integer, pgSchema, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { bytea, instant } from './columns.ts'

/** Outside a tenant: people and their sessions (kept by better-auth), and the few rows read before a tenant is known. */
export const accountsSchema = pgSchema('accounts')

export const users = accountsSchema.table('users', {
  id: uuid().primaryKey(),
  name: text().notNull(),
  email: text().notNull().unique(),
  emailVerified: boolean('email_verified').notNull().default(false),
  image: text(),
  /** Signing in with the password asks for a code as well. */
  twoFactorEnabled: boolean('two_factor_enabled').notNull().default(false),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
})

export const sessions = accountsSchema.table('sessions', {
  id: uuid().primaryKey(),
  userId: uuid('user_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' }),
  token: text().notNull().unique(),
  expiresAt: instant('expires_at').notNull(),
  ipAddress: text('ip_address'),
  userAgent: text('user_agent'),
  /** Whether it began with a second factor: a code besides the password, or a passkey that asked who is there. */
  isStrong: boolean('is_strong').notNull().default(false),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
})

/** Ways to sign in: for `credential` the password's hash. */
export const credentials = accountsSchema.table('credentials', {
  id: uuid().primaryKey(),
  userId: uuid('user_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' }),
  accountId: text('account_id').notNull(),
  providerId: text('provider_id').notNull(),
  password: text(),
  accessToken: text('access_token'),
  refreshToken: text('refresh_token'),
  idToken: text('id_token'),
  accessTokenExpiresAt: instant('access_token_expires_at'),
  refreshTokenExpiresAt: instant('refresh_token_expires_at'),
  scope: text(),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
})

export const verifications = accountsSchema.table('verifications', {
  id: uuid().primaryKey(),
  identifier: text().notNull(),
  value: text().notNull(),
  expiresAt: instant('expires_at').notNull(),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
})

/** A person's authenticator app: its secret and the backup codes, each encrypted by better-auth under AUTH_SECRET. */
export const twoFactors = accountsSchema.table('two_factors', {
  id: uuid().primaryKey(),
  userId: uuid('user_id')
    .notNull()
    .unique()
    .references(() => users.id, { onDelete: 'cascade' }),
  secret: text().notNull(),
  backupCodes: text('backup_codes').notNull(),
  /** False until the first code was right. */
  verified: boolean().notNull().default(false),
  failedVerificationCount: integer('failed_verification_count').notNull().default(0),
  lockedUntil: instant('locked_until'),
})

/** Public keys of passkeys: nothing here is secret. */
export const passkeys = accountsSchema.table(
  'passkeys',
  {
    id: uuid().primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** As the person calls it. */
    name: text().notNull(),
    /** As the authenticator calls it, base64url. */
    credentialId: text('credential_id').notNull().unique(),
    /** COSE, base64url. */
    publicKey: text('public_key').notNull(),
    /** How often it was used, where it counts; one that goes back is a copy. */
    counter: bigint({ mode: 'number' }).notNull(),
    /** How a browser reaches it, by commas. */
    transports: text().notNull(),
    isBackedUp: boolean('is_backed_up').notNull(),
    createdAt: instant('created_at').notNull(),
    lastUsedAt: instant('last_used_at'),
  },
  table => [index('passkeys_user').on(table.userId)],
)

/** What was typed to register, until the mailed link is opened; it leads to an account and an organization only then. */
export const registrations = accountsSchema.table('registrations', {
  /** Also the id of the organization that it is to open. */
  id: uuid().primaryKey(),
  email: text().notNull(),
  name: text().notNull(),
  organizationName: text('organization_name').notNull(),
  /** Null once the account has it. */
  passwordHash: text('password_hash'),
  /** SHA-256 of the mailed token. */
  tokenHash: bytea('token_hash').notNull().unique(),
  /** The account that was made of it. */
  userId: uuid('user_id'),
  openedAt: instant('opened_at'),
  createdAt: instant('created_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
})

export const rateLimits = accountsSchema.table('rate_limits', {
  id: uuid().primaryKey(),
  key: text().notNull().unique(),
  count: integer().notNull(),
  lastRequest: bigint('last_request', { mode: 'number' }).notNull(),
})

/** Which organization an address means; nothing else of it is known here. */
export const organizationSlug = accountsSchema.table('organization_slug', {
  organizationId: uuid('organization_id').primaryKey(),
  slug: text().notNull().unique(),
})

/** Where a person may look for a role. The role itself is read inside the tenant. */
export const userMembership = accountsSchema.table(
  'user_membership',
  { userId: uuid('user_id').notNull(), organizationId: uuid('organization_id').notNull() },
  table => [primaryKey({ columns: [table.userId, table.organizationId] })],
)
