import type { ItemByKind } from './items.ts'
import type { EvidenceKind } from './kinds.ts'
import { riskLevelOf } from './risk-level.ts'
import { silentDays } from './silence.ts'

/** Plain counts that go into the event: no names, no ids. */
export type EvidenceSummary = Record<string, number | boolean | string | null>

/**
 * Folds items one by one into a kind's summary; memory does not grow with the population.
 * @param at when the read began: what is counted by age is as of then, and says so
 */
export function createSummary<K extends EvidenceKind>(
  kind: K,
  at: Date,
): { add(item: ItemByKind[K]): void; finish(): EvidenceSummary } {
  const counts: EvidenceSummary = { ...start[kind] }
  if (kind === 'sign_in_activity') counts.countedAt = at.toISOString()
  const add = adders[kind]
  return { add: item => add(item, counts, at), finish: () => counts }
}

type Adders = { [K in EvidenceKind]: (item: ItemByKind[K], counts: EvidenceSummary, at: Date) => void }

const start: Record<EvidenceKind, EvidenceSummary> = {
  user_inventory: {
    accounts: 0,
    enabled: 0,
    disabled: 0,
    enabledUnknown: 0,
    members: 0,
    guests: 0,
    typeUnknown: 0,
    withP1: 0,
    withP2: 0,
  },
  mfa_registration: {
    records: 0,
    capable: 0,
    notCapable: 0,
    capableUnknown: 0,
    administrators: 0,
    administratorsCapable: 0,
  },
  security_defaults: { isEnabled: null },
  conditional_access_policies: { policies: 0, enabled: 0, reportOnly: 0, disabled: 0, otherState: 0 },
  risky_users: {
    listed: 0,
    atRisk: 0,
    confirmedCompromised: 0,
    remediated: 0,
    dismissed: 0,
    other: 0,
    deleted: 0,
    hidden: 0,
  },
  risky_sign_ins: { signIns: 0, high: 0, medium: 0, low: 0, hidden: 0, unsettled: 0, settled: 0 },
  sign_in_activity: {
    accounts: 0,
    within30Days: 0,
    within90Days: 0,
    longerAgo: 0,
    never: 0,
    neverButTried: 0,
    countedAt: null,
  },
}

const adders: Adders = {
  user_inventory(user, counts) {
    increment(counts, 'accounts')
    increment(
      counts,
      user.accountEnabled === null ? 'enabledUnknown' : user.accountEnabled ? 'enabled' : 'disabled',
    )
    increment(
      counts,
      user.userType === 'Member' ? 'members' : user.userType === 'Guest' ? 'guests' : 'typeUnknown',
    )
    if (user.plans.includes('P1')) increment(counts, 'withP1')
    if (user.plans.includes('P2')) increment(counts, 'withP2')
  },
  mfa_registration(record, counts) {
    increment(counts, 'records')
    increment(
      counts,
      record.isMfaCapable === null ? 'capableUnknown' : record.isMfaCapable ? 'capable' : 'notCapable',
    )
    if (record.isAdmin === true) {
      increment(counts, 'administrators')
      if (record.isMfaCapable === true) increment(counts, 'administratorsCapable')
    }
  },
  security_defaults(setting, counts) {
    counts.isEnabled = setting.isEnabled
  },
  conditional_access_policies(policy, counts) {
    increment(counts, 'policies')
    increment(counts, policyStates[policy.state] ?? 'otherState')
  },
  risky_users(user, counts) {
    increment(counts, 'listed')
    increment(counts, user.riskState !== null && riskStates.has(user.riskState) ? user.riskState : 'other')
    if (user.isDeleted === true) increment(counts, 'deleted')
    if (user.riskLevel === 'hidden') increment(counts, 'hidden')
  },
  risky_sign_ins(signIn, counts) {
    increment(counts, 'signIns')
    const level = riskLevelOf(signIn)
    if (level !== null && riskLevels.has(level)) increment(counts, level)
    const isOpen = signIn.riskState === 'atRisk' || signIn.riskState === 'confirmedCompromised'
    increment(counts, isOpen ? 'unsettled' : 'settled')
  },
  sign_in_activity(activity, counts, at) {
    increment(counts, 'accounts')
    const days = silentDays(activity, at)
    increment(
      counts,
      days === null ? 'never' : days <= 30 ? 'within30Days' : days <= 90 ? 'within90Days' : 'longerAgo',
    )
    if (days === null && activity.lastSignInDateTime !== null) increment(counts, 'neverButTried')
  },
}

const policyStates: Record<string, string> = {
  enabled: 'enabled',
  disabled: 'disabled',
  enabledForReportingButNotEnforced: 'reportOnly',
}
const riskStates = new Set(['atRisk', 'confirmedCompromised', 'remediated', 'dismissed'])
const riskLevels = new Set(['high', 'medium', 'low', 'hidden'])

function increment(counts: EvidenceSummary, name: string) {
  const value = counts[name]
  counts[name] = (typeof value === 'number' ? value : 0) + 1
}
