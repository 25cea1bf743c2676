import type { Reason } from './judgement.ts'

export type NextAction =
  | 'see_subjects'
  | 'reauthorize'
  | 'replace_secret'
  | 'grant_scope'
  | 'remove_scope'
  | 'see_policy'
  | 'see_exceptions'
  | 'review_guests'
  | 'acknowledge_changes'
  | 'settle_sign_ins'
  | 'connect'
  | 'none'

export interface Explanation {
  readonly text: string
  /** The same in a few words, without a stop, where the text is too long for a title. */
  readonly short?: string
  readonly nextStep: { readonly label: string; readonly action: NextAction }
}

export type Explain = (reason: Reason, nameOf: (id: string) => string) => Explanation

export const nothingToDo: Explanation['nextStep'] = { label: '', action: 'none' }
const seeWho: Explanation['nextStep'] = { label: 'See who', action: 'see_subjects' }
const connect: Explanation['nextStep'] = { label: 'Connect', action: 'connect' }

/** Made once: making one takes longer than a hundred uses of it. */
const numbers = new Intl.NumberFormat('en-US')
const lists = new Intl.ListFormat('en', { type: 'conjunction' })

/** "1 person", "1,204 people". */
export function counted(count: number, [one, many]: readonly [one: string, many: string]): string {
  return `${numbers.format(count)} ${count === 1 ? one : many}`
}

/** The values of a detail as text, whatever it was recorded as. */
export function texts(value: Reason['detail'][string] | undefined): string[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [String(value)]
}

export const listed = (values: readonly string[]): string => lists.format(values)

const people = ['person', 'people'] as const
const accounts = ['account', 'accounts'] as const
const administrators = ['administrator', 'administrators'] as const

export const accountExplanations: Record<string, Explain> = {
  all_accounts_classed: reason =>
    said(`${allOf(reason, accounts)} ${has(reason.count)} a class that the directory or a person gave.`),
  no_accounts: () =>
    said('The directory has no enabled account. Every directory has one, so this says nothing.'),
  unclassed: ({ count, detail }) =>
    who(
      `${counted(count, accounts)} ${has(count)} had no class for ${texts(detail.days).join()} days: the directory leaves open what ${count === 1 ? 'it is' : 'they are'}, or a declaration ran out. Declare a class.`,
    ),
  unclassed_soon: ({ count, detail }) =>
    who(
      `${counted(count, accounts)} ${has(count)} no class yet. An account may be without one for ${texts(detail.days).join()} days.`,
    ),
  all_accounts_used: reason =>
    said(`${allOf(reason, people)} signed in recently, or ${is(reason.count)} too new to count as unused.`),
  silent: ({ count, detail }) =>
    who(
      `${counted(count, accounts)} ${has(count)} had no successful sign-in for ${texts(detail.days).join()} days. Disable ${count === 1 ? 'it' : 'them'}, or ask for an exception.`,
    ),
  no_sign_in_record: ({ count }) =>
    who(
      `${counted(count, accounts)} ${has(count)} no record of sign-ins: whether ${count === 1 ? 'it is' : 'they are'} used is unknown.`,
    ),
  silence_unknown: ({ count }) =>
    who(
      `${counted(count, accounts)} never signed in, and the directory does not say when ${count === 1 ? 'it was' : 'they were'} made.`,
    ),
  all_administrators_approved: reason =>
    said(`${allOf(reason, administrators)} ${is(reason.count)} on the approved list.`),
  too_many_administrators: ({ count, detail }) =>
    said(
      `There are ${counted(count, administrators)}, more than the ${texts(detail.limit).join()} that may be.`,
    ),
  administrator_not_approved: ({ count }) =>
    who(`${counted(count, administrators)} ${is(count)} not on the approved list.`),
  excepted: ({ count }) =>
    who(`${counted(count, accounts)} would not pass and ${is(count)} left out by an approved exception.`),
  reason_excepted: ({ count, detail }) =>
    who(
      `“${texts(detail.reason).join().replaceAll('_', ' ')}” (${count}) is left out by an approved exception.`,
    ),
  all_people_capable: reason => said(`${allOf(reason, people)} can give a second factor.`),
  no_people: () => said('The directory has no enabled account of a person, which says nothing about people.'),
  no_second_factor: ({ count }) => who(`${counted(count, people)} cannot give a second factor.`),
  no_registration_record: ({ count }) =>
    who(
      `${counted(count, people)} ${has(count)} no registration record: whether they can give a second factor is unknown.`,
    ),
  second_factor_unknown: ({ count }) =>
    who(
      `The registration record of ${counted(count, people)} does not say whether they can give a second factor.`,
    ),
  enabled_unknown: ({ count }) =>
    who(`The directory does not say whether ${counted(count, accounts)} ${is(count)} enabled.`),
  all_administrators_capable: reason => said(`${allOf(reason, administrators)} can give a second factor.`),
  no_administrators: () =>
    said('The report names no enabled administrator. Every directory has one, so this says nothing.'),
  administrator_no_second_factor: ({ count }) =>
    who(`${counted(count, administrators)} cannot give a second factor.`),
  administrator_second_factor_unknown: ({ count }) =>
    who(
      `The registration record of ${counted(count, administrators)} does not say whether they can give a second factor.`,
    ),
  administrator_enabled_unknown: ({ count }) =>
    who(`The directory does not say whether ${counted(count, administrators)} ${is(count)} enabled.`),
  administrator_role_unknown: ({ count }) =>
    who(
      `The registration record of ${counted(count, accounts)} does not say whether they hold a directory role.`,
    ),
  administrator_method_phishable: ({ count }) =>
    who(
      `${counted(count, administrators)} ${has(count)} no method that resists phishing, such as a passkey. This is advice and changes no verdict.`,
    ),
  administrator_unlisted: ({ count }) =>
    who(
      `${counted(count, ['enabled account', 'enabled accounts'])} ${has(count)} no registration record, so whether they hold a directory role is unknown.`,
    ),
}

export const systemExplanations: Record<string, Explain> = {
  no_connection: () => ({ text: 'No directory is connected, so nothing is known.', nextStep: connect }),
  revoked: () => ({
    text: 'The connection was revoked. What was collected before is kept; nothing newer is known.',
    nextStep: { label: 'Connect again', action: 'connect' },
  }),
  not_evaluated: () => said('This control was not evaluated for this directory yet. The first run does it.'),
  evidence_not_collected: reason => said(`${kindOf(reason)}: nothing was collected yet.`),
  evidence_unreadable: reason =>
    said(`${kindOf(reason)} could not be read and nothing earlier is held. The next run tries again.`),
  evidence_unavailable: explainUnavailable,
  risk_hidden: ({ detail }) =>
    said(
      `The risk of sign-ins is not visible: that needs ${texts(detail.licence).join()}. Levels that are hidden are unknown, which is not “no risk”.`,
    ),
  feed_covered: () =>
    said('Risky sign-ins were collected over the whole period without a gap, whether or not there were any.'),
  feed_gap: ({ count, detail }) =>
    said(
      `${counted(count, ['stretch', 'stretches'])} of the trailing 30 days ${is(count)} not covered by any collected window, between ${texts(detail.from).join()} and ${texts(detail.to).join()}.`,
    ),
  risky_users_absent: () =>
    said('This cloud does not offer risky users, so risky sign-ins alone were judged.'),
  collector_sound: () =>
    said(
      'The last run read everything, the granted scopes are the required ones and the client secret is valid for more than 7 days.',
    ),
  credential_refused: ({ detail }) => ({
    text: texts(detail.explanation).join(' '),
    nextStep:
      detail.remedy === 'reauthorize'
        ? { label: 'Authorize again', action: 'reauthorize' }
        : { label: 'Replace the secret', action: 'replace_secret' },
  }),
  no_run: () => said('No run has finished yet.'),
  kind_failed: explainFailedKind,
  scope_missing: ({ count, detail }) => ({
    text: `${counted(count, ['required permission', 'required permissions'])} ${is(count)} not granted: ${listed(texts(detail.scopes))}.`,
    nextStep: { label: count === 1 ? 'Grant it' : 'Grant them', action: 'grant_scope' },
  }),
  scope_excess: ({ count, detail }) => ({
    text: `${counted(count, ['permission', 'permissions'])} ${is(count)} granted beyond the required ones: ${listed(texts(detail.scopes))}.`,
    nextStep: { label: count === 1 ? 'Remove it' : 'Remove them', action: 'remove_scope' },
  }),
  secret_expires_soon: ({ detail }) =>
    replaceSecret(`The client secret expires on ${day(detail)}, within 7 days.`),
  secret_expired: ({ detail }) => replaceSecret(`The client secret expired on ${day(detail)}.`),
  secret_expiry_unknown: () => replaceSecret('Nobody has said when the client secret expires.'),
}

function explainUnavailable(reason: Reason): Explanation {
  const compensation = compensations[texts(reason.detail.compensating).join()] ?? ''
  const text = `${kindOf(reason)} cannot be read: ${whyUnavailable(reason)}.${compensation}`
  const action = texts(reason.detail.reason).join()
  if (action === 'scope') return { text, nextStep: { label: 'Grant it', action: 'grant_scope' } }
  if (action === 'role')
    return { text, nextStep: { label: 'Sign in with a role that may', action: 'reauthorize' } }
  return { text, nextStep: nothingToDo }
}

function whyUnavailable({ detail }: Reason): string {
  const licence = texts(detail.licence).join()
  switch (texts(detail.reason).join()) {
    case 'licence':
      return licence === ''
        ? 'the directory has no licence for it'
        : `the directory has no ${licence} licence`
    case 'scope':
      return 'a permission is not granted'
    case 'role':
      return 'the account that signed in has no role that may; Security Reader is enough'
    default:
      return 'it is not offered there'
  }
}

/** What stands in for evidence that does not come, or does not. */
const compensations: Record<string, string> = {
  second_factor_demanded:
    ' Whether a second factor is demanded at sign-in is judged by AC-03 and may stand in for it.',
  security_defaults_off: ' Security defaults, which would stand in for it, are off.',
}

const failures: Record<string, string> = {
  scope: 'a permission is not granted',
  role: 'the account that signed in has no role that may',
  throttled: 'the directory asked to slow down until the run’s time was used up',
  malformed: 'the answer was not what the directory documents',
}

function explainFailedKind(reason: Reason): Explanation {
  const why = texts(reason.detail.reason).join()
  const text = `${kindOf(reason)} could not be read by the last run: ${failures[why] ?? 'the directory did not answer'}.`
  if (why === 'scope') return { text, nextStep: { label: 'Grant it', action: 'grant_scope' } }
  if (why === 'role')
    return { text, nextStep: { label: 'Sign in with a role that may', action: 'reauthorize' } }
  return { text, nextStep: nothingToDo }
}

/** "All 63 people", "The one administrator"; beside excepted ones "All 62 other people". */
function allOf({ count, detail }: Reason, [one, many]: readonly [string, string]): string {
  const other = detail.excepted === undefined ? '' : 'other '
  return count === 1 ? `The one ${other}${one}` : `All ${counted(count, [one, `${other}${many}`])}`
}

const said = (text: string): Explanation => ({ text, nextStep: nothingToDo })
const who = (text: string): Explanation => ({ text, nextStep: seeWho })
const replaceSecret = (text: string): Explanation => ({
  text,
  nextStep: { label: 'Replace the secret', action: 'replace_secret' },
})
const is = (count: number) => (count === 1 ? 'is' : 'are')
const has = (count: number) => (count === 1 ? 'has' : 'have')
const kindOf = ({ detail }: Reason) => texts(detail.kindTitle ?? detail.kind).join()
const day = (detail: Reason['detail']) => texts(detail.secretExpiresOn).join().slice(0, 10)
