import { type AccountClass, suggestAccountClass } from '../account/class.ts'
import type { ItemByKind, MfaRegistrationItem, UserItem } from './items.ts'
import type { EvidenceKind } from './kinds.ts'
import { riskLevelOf } from './risk-level.ts'
import { silentDays } from './silence.ts'

/** One value of a population's row. `at` makes it an instant, `tone` a state that should be found at a glance. */
export interface PopulationCell {
  text: string
  tone: 'pass' | 'fail' | 'stale' | 'unknown' | 'none' | null
  at: Date | null
}

export interface PopulationColumn {
  key: string
  header: string
}

/** What the cells of a row are made from besides its own item. */
export interface RowContext {
  /** The asked instant: classes depend on it. */
  at: Date
  /** Of an account: its registration record; null where there is none, undefined where none were ever collected. */
  registration?: MfaRegistrationItem | null | undefined
  /** The account that a row is about, of a kind that names nobody itself. */
  account?: UserItem | null | undefined
}

/** The columns of a kind's population after name and sign-in name. */
export const populationColumns: Record<EvidenceKind, readonly PopulationColumn[]> = {
  user_inventory: columns(
    ['class', 'Class'],
    ['enabled', 'Account'],
    ['mfa', 'Second factor'],
    ['type', 'Type'],
    ['plans', 'Licence'],
    ['created', 'Created'],
  ),
  mfa_registration: columns(
    ['capable', 'Second factor'],
    ['admin', 'Administrator'],
    ['methods', 'Methods'],
    ['passwordless', 'Passwordless'],
  ),
  security_defaults: columns(['isEnabled', 'State']),
  conditional_access_policies: columns(['state', 'State'], ['modified', 'Changed'], ['created', 'Created']),
  risky_users: columns(['level', 'Level'], ['state', 'State'], ['detail', 'Detail'], ['updated', 'Updated']),
  risky_sign_ins: columns(
    ['at', 'When'],
    ['level', 'Level'],
    ['state', 'State'],
    ['app', 'App'],
    ['place', 'From'],
    ['outcome', 'Outcome'],
  ),
  sign_in_activity: columns(
    ['success', 'Last sign-in'],
    ['silent', 'Silent for'],
    ['attempt', 'Last attempt'],
    ['enabled', 'Account'],
  ),
}

/** A row's cells by column key. */
export function populationCells<K extends EvidenceKind>(
  kind: K,
  item: ItemByKind[K],
  context: RowContext,
): Record<string, PopulationCell> {
  return rows[kind](item, context)
}

/** Name and sign-in name of an item as its source writes them. */
export function itemNames<K extends EvidenceKind>(
  kind: K,
  item: ItemByKind[K],
  { account }: Pick<RowContext, 'account'> = {},
): { name: string; login: string | null } {
  const isErased = account ? account.suppressed : 'suppressed' in item && item.suppressed
  if (isErased) return { name: `Erased person ${(account ?? item).id.slice(0, 8)}`, login: null }
  return account ? names.user_inventory(account) : names[kind](item)
}

const names: { [K in EvidenceKind]: (item: ItemByKind[K]) => { name: string; login: string | null } } = {
  user_inventory: item => ({
    name: item.displayName ?? item.userPrincipalName ?? item.id,
    login: item.userPrincipalName,
  }),
  mfa_registration: named,
  security_defaults: () => ({ name: 'Security defaults', login: null }),
  conditional_access_policies: item => ({ name: item.displayName ?? item.id, login: null }),
  risky_users: named,
  risky_sign_ins: named,
  sign_in_activity: item => ({ name: item.id, login: null }),
}

const rows: {
  [K in EvidenceKind]: (item: ItemByKind[K], context: RowContext) => Record<string, PopulationCell>
} = {
  user_inventory: (item, context) => ({
    class: plain(classNames[suggestAccountClass(item, context.at).class]),
    enabled: enabledCell(item),
    mfa: mfaCell(context.registration),
    type: plain(item.userType),
    plans: plain(item.plans.join(', ')),
    created: instant(item.createdDateTime),
  }),
  mfa_registration: item => ({
    capable: mfaCell(item),
    admin: yesNo(item.isAdmin),
    methods: plain(item.methodsRegistered.join(', ')),
    passwordless: yesNo(item.isPasswordlessCapable),
  }),
  security_defaults: item => ({ isEnabled: item.isEnabled ? state('On', 'pass') : state('Off', 'none') }),
  conditional_access_policies: item => ({
    state: policyStates[item.state] ?? plain(item.state),
    modified: instant(item.modifiedDateTime),
    created: instant(item.createdDateTime),
  }),
  risky_users: item => ({
    level: levelCell(item.riskLevel),
    state: riskStateCell(item.riskState),
    detail: plain(item.riskDetail),
    updated: instant(item.riskLastUpdatedDateTime),
  }),
  risky_sign_ins: item => ({
    at: instant(item.createdDateTime),
    level: levelCell(riskLevelOf(item)),
    state: riskStateCell(item.riskState),
    app: plain(item.appDisplayName),
    place: plain([item.city, item.country, item.ipAddress].filter(Boolean).join(', ')),
    outcome:
      item.errorCode === null
        ? plain(null)
        : plain(item.errorCode === 0 ? 'Signed in' : `Refused (${item.errorCode})`),
  }),
  sign_in_activity: (item, { at, account }) => ({
    success: instantOrNever(item.lastSuccessfulSignInDateTime),
    silent: silenceCell(silentDays(item, at)),
    attempt: instantOrNever(item.lastSignInDateTime),
    enabled: account ? enabledCell(account) : plain(null),
  }),
}

const classNames: Record<AccountClass, string> = {
  person: 'Person',
  guest: 'Guest',
  service: 'Service',
  directory_sync: 'Directory sync',
  emergency: 'Emergency',
  shared: 'Shared',
  future_hire: 'Future hire',
}

function named(item: { id: string; userDisplayName: string | null; userPrincipalName: string | null }) {
  return { name: item.userDisplayName ?? item.userPrincipalName ?? item.id, login: item.userPrincipalName }
}

const enabledCell = ({ accountEnabled }: UserItem) =>
  accountEnabled === null
    ? state('Not said', 'unknown')
    : accountEnabled
      ? plain('Enabled')
      : state('Disabled', 'none')

function mfaCell(record: MfaRegistrationItem | null | undefined): PopulationCell {
  if (record === undefined) return state('Not collected', 'unknown')
  if (record === null) return state('No record', 'unknown')
  if (record.isMfaCapable === null) return state('Not said', 'unknown')
  return record.isMfaCapable ? state('Capable', 'pass') : state('Not capable', 'fail')
}

const policyStates: Record<string, PopulationCell> = {
  enabled: state('On', 'pass'),
  disabled: state('Off', 'none'),
  enabledForReportingButNotEnforced: state('Report-only', 'stale'),
}

function levelCell(level: string | null): PopulationCell {
  if (level === null) return plain(null)
  if (level === 'hidden') return state('Not visible, needs P2', 'unknown')
  const words = level.charAt(0).toUpperCase() + level.slice(1)
  return state(words, level === 'high' ? 'fail' : level === 'medium' ? 'stale' : 'none')
}

function riskStateCell(risk: string | null): PopulationCell {
  if (risk === null) return plain(null)
  return riskStates[risk] ?? plain(risk)
}

const riskStates: Record<string, PopulationCell> = {
  atRisk: state('At risk', 'fail'),
  confirmedCompromised: state('Compromised', 'fail'),
  remediated: state('Remediated', 'pass'),
  dismissed: state('Dismissed', 'none'),
  confirmedSafe: state('Confirmed safe', 'pass'),
}

function columns(...pairs: readonly (readonly [key: string, header: string])[]): PopulationColumn[] {
  return pairs.map(([key, header]) => ({ key, header }))
}

function state(text: string, tone: PopulationCell['tone']): PopulationCell {
  return { text, tone, at: null }
}

function plain(text: string | null): PopulationCell {
  return { text: text ?? '', tone: null, at: null }
}

const yesNo = (value: boolean | null) =>
  value === null ? state('Not said', 'unknown') : plain(value ? 'Yes' : 'No')

const instantOrNever = (text: string | null) => (text === null ? state('Never', 'unknown') : instant(text))

function silenceCell(days: number | null): PopulationCell {
  if (days === null) return plain(null)
  const words = days === 0 ? 'less than a day' : `${days} ${days === 1 ? 'day' : 'days'}`
  return days > 90 ? state(words, 'stale') : plain(words)
}

function instant(text: string | null): PopulationCell {
  const at = text === null ? null : new Date(text)
  return at === null || Number.isNaN(at.getTime()) ? plain(text) : { text: at.toISOString(), tone: null, at }
}
