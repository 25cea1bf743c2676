import type { Reason } from './judgement.ts'

export type NextAction =
  | 'see_subjects'
  | 'reauthorize'
  | 'replace_secret'
  | 'grant_scope'
  | 'remove_scope'
  | 'see_policy'
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

/** "1 person", "1,204 people". */
export function counted(count: number, [one, many]: readonly [one: string, many: string]): string {
  return `${new Intl.NumberFormat('en-US').format(count)} ${count === 1 ? one : many}`
}

/** The values of a detail as text, whatever it was recorded as. */
export function texts(value: Reason['detail'][string] | undefined): string[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [String(value)]
}

export const listed = (values: readonly string[]): string =>
  new Intl.ListFormat('en', { type: 'conjunction' }).format(values)

const people = ['person', 'people'] as const
const accounts = ['account', 'accounts'] as const
const administrators = ['administrator', 'administrators'] as const

export const accountExplanations: Record<string, Explain> = {
  all_people_capable: ({ count }) =>
    said(`${count === 1 ? 'The one person' : `All ${counted(count, people)}`} can give a second factor.`),
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
  all_administrators_capable: ({ count }) =>
    said(
      `${count === 1 ? 'The one administrator' : `All ${counted(count, administrators)}`} can give a second factor.`,
    ),
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
