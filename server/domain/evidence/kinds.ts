/** What evidence there is: one entry per kind that a connector can attach. */
export const evidenceKinds = [
  'user_inventory',
  'mfa_registration',
  'security_defaults',
  'conditional_access_policies',
  'risky_users',
  'risky_sign_ins',
] as const

export type EvidenceKind = (typeof evidenceKinds)[number]

/** The kind that a stored name or an address means; null for one that nobody knows. */
export const kindNamed = (name: string): EvidenceKind | null =>
  evidenceKinds.find(kind => kind === name) ?? null

/** A state kind is a whole snapshot; a feed kind covers a window of time. */
export type EvidenceMode = 'state' | 'feed'

export interface EvidenceKindDefinition {
  readonly kind: EvidenceKind
  readonly mode: EvidenceMode
  readonly title: string
  /** What one item is called, in the singular and the plural. */
  readonly itemName: readonly [one: string, many: string]
  /** Milliseconds since the last success after which the evidence is stale, and after which it is expired. */
  readonly staleAfter: number
  readonly expiredAfter: number
}

const hour = 3_600_000
const hourly = { staleAfter: 6 * hour, expiredAfter: 24 * hour }

const definitions: Record<EvidenceKind, EvidenceKindDefinition> = {
  user_inventory: {
    kind: 'user_inventory',
    mode: 'state',
    title: 'Users',
    itemName: ['account', 'accounts'],
    ...hourly,
  },
  mfa_registration: {
    kind: 'mfa_registration',
    mode: 'state',
    title: 'MFA registration',
    itemName: ['registration record', 'registration records'],
    ...hourly,
  },
  security_defaults: {
    kind: 'security_defaults',
    mode: 'state',
    title: 'Security defaults',
    itemName: ['setting', 'settings'],
    ...hourly,
  },
  conditional_access_policies: {
    kind: 'conditional_access_policies',
    mode: 'state',
    title: 'Conditional access',
    itemName: ['policy', 'policies'],
    ...hourly,
  },
  risky_users: {
    kind: 'risky_users',
    mode: 'state',
    title: 'Risky users',
    itemName: ['risky user', 'risky users'],
    ...hourly,
  },
  risky_sign_ins: {
    kind: 'risky_sign_ins',
    mode: 'feed',
    title: 'Risky sign-ins',
    itemName: ['risky sign-in', 'risky sign-ins'],
    ...hourly,
  },
}

/** Title, mode and thresholds of a kind. */
export const evidenceKind = (kind: EvidenceKind): EvidenceKindDefinition => definitions[kind]

/** Why a kind could not be read. Only `licence` is settled; the others are failures of the run. */
export const unavailableReasons = [
  'licence',
  'scope',
  'role',
  'throttled',
  'unavailable',
  'malformed',
] as const
export type UnavailableReason = (typeof unavailableReasons)[number]

/** The reason that a stored name means; null for none, and for one that nobody knows. */
export const unavailableReasonNamed = (name: string | null): UnavailableReason | null =>
  unavailableReasons.find(reason => reason === name) ?? null
