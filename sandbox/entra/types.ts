/** What a test or the demo says about the tenants it wants. Dates are instants on the stand-in's clock. */
export interface StartEntraOptions {
  tenants: TenantSpec[]
  /** 0 (the default) takes any free port. */
  port?: number
  clock?: Clock
  /** JSON file (mode 0600) that keeps keys, sessions and tokens, so that a restart keeps connections alive. */
  statePath?: string
  /** Answer 429 past Graph's documented limits, measured on the stand-in's clock. */
  enforceThrottles?: boolean
  /** How long an access token lives. Entra's default is about an hour. */
  accessTokenSeconds?: number
}

export interface Clock {
  now(): Date
}

/** none: Entra ID Free, P1 and P2: the premium editions. */
export type Licence = 'none' | 'P1' | 'P2'
export type CloudId = 'global' | 'usgov-l4' | 'usgov-l5' | 'china'

export interface TenantSpec {
  tenantId: string
  displayName: string
  seed: number
  /** Users in the directory when it starts, 10 to 1,000,000. */
  size: number
  licence: Licence
  apps: AppSpec[]
  cloud?: CloudId
  /** Verified domain of the members; defaults to one made from the display name. */
  domain?: string
  /** Who the sign-in page offers; defaults to `defaultAccounts`. */
  accounts?: AccountSpec[]
  /** When the directory's story begins; defaults to the day the server starts. */
  since?: Date
  /** Joiners, leavers, registrations and policy edits as time passes; `true` takes the defaults. */
  churn?: boolean | ChurnSpec
  /** Changes that come into force at given instants. */
  script?: ScriptedChange[]
  /** Enabled people with no second factor at the beginning (default 3). */
  peopleWithoutMfa?: number
  securityDefaults?: boolean
  /** Replaces the generated policies. */
  policies?: PolicyDocument[]
  /** Sign-ins show up minutes to two hours after they happened, as in Entra. */
  lateArrivals?: boolean
  /** Rows of a page at most, whatever was asked for: Graph may send fewer than `$top`. */
  largestPage?: number
  /** Risky sign-ins a day; by default what the size calls for. */
  riskySignInsPerDay?: number
  /** What a tenant without P1 answers about policies; an empty list was observed, a refusal is plausible. */
  policiesWithoutLicence?: 'empty' | 'forbidden'
}

export interface AppSpec {
  clientId: string
  displayName?: string
  clientSecret: string
  /** The id shown beside the secret in the portal, which people paste by mistake. */
  secretId?: string
  secretExpiresAt?: Date
  redirectUris: string[]
  /** Delegated Graph permissions with admin consent; defaults to the four that Attestry asks for. */
  grantedScopes?: string[]
}

export type Role = 'global-administrator' | 'security-reader' | 'none'

export interface AccountSpec {
  /** Short name by which tests pick the account. */
  key: string
  /** Position of the account in the directory. */
  index: number
  role: Role
}

export interface ChurnSpec {
  /** Days between joiners (default 4). */
  joinerEveryDays?: number
  /** Days between leavers (default 6); a leaver is disabled, and deleted 30 days later. */
  leaverEveryDays?: number
}

export type ScriptedChange =
  | { at: Date; change: 'set-user'; user: number | string; patch: UserPatch }
  | { at: Date; change: 'remove-user'; user: number | string }
  | { at: Date; change: 'add-user'; patch: UserPatch }
  | { at: Date; change: 'set-policies'; policies: PolicyDocument[] }
  | { at: Date; change: 'set-licence'; licence: Licence }
  | { at: Date; change: 'set-security-defaults'; isEnabled: boolean }
  | { at: Date; change: 'set-granted-scopes'; scopes: string[]; clientId?: string }
  | { at: Date; change: 'set-secret'; value: string; expiresAt?: Date; clientId?: string }
  | { at: Date; change: 'revoke-sessions' }
  | { at: Date; change: 'disable-account'; account: string }

/** Any Graph user property, and the registration facts that the MFA report shows. */
export interface UserPatch {
  displayName?: string | null
  userPrincipalName?: string
  mail?: string | null
  userType?: 'Member' | 'Guest' | null
  accountEnabled?: boolean
  createdDateTime?: string | null
  creationType?: string | null
  externalUserState?: string | null
  onPremisesSyncEnabled?: boolean | null
  employeeHireDate?: string | null
  isMfaCapable?: boolean
  methodsRegistered?: string[]
  isAdmin?: boolean
}

/** A conditional access policy as Graph v1.0 writes it. */
export type PolicyDocument = Record<string, unknown> & { id: string }

export const requiredScopes = [
  'User.Read.All',
  'AuditLog.Read.All',
  'Policy.Read.All',
  'IdentityRiskyUser.Read.All',
]

export const defaultAccounts: AccountSpec[] = [
  { key: 'security-reader', index: 1, role: 'security-reader' },
  { key: 'administrator', index: 0, role: 'global-administrator' },
  { key: 'user', index: 2, role: 'none' },
  { key: 'guest', index: 3, role: 'none' },
]
