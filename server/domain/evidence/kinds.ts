/** What evidence there is: one entry per kind that a connector can attach. */
export const evidenceKinds = [
  'user_inventory',
  'mfa_registration',
  'security_defaults',
  'conditional_access_policies',
  'risky_users',
  'risky_sign_ins',
  'sign_in_activity',
] as const

export type EvidenceKind = (typeof evidenceKinds)[number]

/** The kind that a stored name or an address means; null for one that nobody knows. */
export const kindNamed = (name: string): EvidenceKind | null =>
  evidenceKinds.find(kind => kind === name) ?? null

/** A state kind is a whole snapshot; a feed kind covers a window of time. */
export type EvidenceMode = 'state' | 'feed'

/** How often a kind is read. Each has a run, a schedule and a lease of its own, so that neither waits for the other. */
export const cadences = ['hourly', 'daily'] as const
export type Cadence = (typeof cadences)[number]

export interface EvidenceKindDefinition {
  readonly kind: EvidenceKind
  readonly mode: EvidenceMode
  readonly title: string
  /** What one item is called, in the singular and the plural. */
  readonly itemName: readonly [one: string, many: string]
  readonly cadence: Cadence
  /** Milliseconds since the last success after which the evidence is stale, and after which it is expired. */
  readonly staleAfter: number
  readonly expiredAfter: number
}

const hour = 3_600_000
const hourly = { cadence: 'hourly', staleAfter: 6 * hour, expiredAfter: 24 * hour } as const
const daily = { cadence: 'daily', staleAfter: 30 * hour, expiredAfter: 54 * hour } as const

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
  sign_in_activity: {
    kind: 'sign_in_activity',
    mode: 'state',
    title: 'Sign-in activity',
    itemName: ['account', 'accounts'],
    ...daily,
  },
}

/** Title, mode, cadence and thresholds of a kind. */
export const evidenceKind = (kind: EvidenceKind): EvidenceKindDefinition => definitions[kind]

export const isHourly = (kind: EvidenceKind): boolean => definitions[kind].cadence === 'hourly'

/** How often a run reads that is due to read these kinds: they are all of one cadence. */
export const cadenceOf = (kinds: readonly EvidenceKind[]): Cadence =>
  kinds.length > 0 && !kinds.some(isHourly) ? 'daily' : 'hourly'

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
