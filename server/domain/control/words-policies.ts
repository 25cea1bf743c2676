import type { Reason } from './judgement.ts'
import { counted, type Explain, type Explanation, listed, nothingToDo, texts } from './words-reasons.ts'

const seePolicy: Explanation['nextStep'] = { label: 'See the policy', action: 'see_policy' }

export const policyExplanations: Record<string, Explain> = {
  security_defaults_on: () =>
    said('Security defaults are on: they demand a second factor and block legacy clients.'),
  second_factor_demanded: ({ count }) =>
    said(
      `${counted(count, ['enabled policy demands', 'enabled policies together demand'])} a second factor of all users on all apps.`,
    ),
  second_factor_not_demanded: reason =>
    said(
      `No enabled policies together demand a second factor of all users on all apps${fromClients(reason)}.`,
    ),
  legacy_clients_blocked: ({ count }) =>
    said(
      `${counted(count, ['enabled policy blocks', 'enabled policies together block'])} both kinds of legacy client for all users on all apps.`,
    ),
  legacy_clients_open: reason =>
    said(
      `No enabled policies together block legacy clients for all users on all apps${fromClients(reason)}.`,
    ),
  exclusion_not_covered: (reason, nameOf) => ({
    ...policy(exclusionText(reason, nameOf)),
    short: `${sentence(excludedName(reason, nameOf))} is excluded, and no other policy covers it`,
  }),
  exclusions_overlap: (reason, nameOf) => policy(overlapText(reason, nameOf)),
  more_exclusions_not_covered: ({ count }) =>
    said(
      `${counted(count, ['more exclusion is', 'more exclusions are'])} not covered by another enabled policy.`,
    ),
  policies_too_entangled: ({ count }) =>
    said(
      `The exclusions of ${counted(count, ['policy', 'policies'])} meet in more ways than could be followed, so nothing is known.`,
    ),
  policy_limited: (reason, nameOf) =>
    policy(
      `Policy ${policyName(reason, nameOf)} counts, but is limited by ${listed(texts(reason.detail.limits).map(limitName))}.`,
    ),
  policy_report_only: (reason, nameOf) =>
    policy(`Policy ${policyName(reason, nameOf)} would close this, but is report-only and enforces nothing.`),
  policy_disabled: (reason, nameOf) =>
    policy(`Policy ${policyName(reason, nameOf)} would close this, but is not enabled.`),
  policy_too_weak: (reason, nameOf) =>
    policy(`Policy ${policyName(reason, nameOf)} applies here, but can be met with something weaker.`),
  policy_only_at_risk: (reason, nameOf) =>
    policy(`Policy ${policyName(reason, nameOf)} applies here, but only when a risk is seen.`),
  policy_not_at_risk: (reason, nameOf) =>
    policy(
      `Policy ${policyName(reason, nameOf)} demands a second factor always, which is no answer to a risk: who gave it earlier in the session is not asked again.`,
    ),
  policy_other_risk: (reason, nameOf) =>
    policy(
      `Policy ${policyName(reason, nameOf)} reacts to another kind or level of risk, or to several at once.`,
    ),
  policy_only_some_flows: (reason, nameOf) =>
    policy(
      `Policy ${policyName(reason, nameOf)} is about device code flow or authentication transfer, and leaves every other sign-in alone.`,
    ),
  policy_of_some_organizations: (reason, nameOf) =>
    policy(
      `Policy ${policyName(reason, nameOf)} is for guests of named organizations, and covers no guest of another one.`,
    ),
  policy_condition_unknown: (reason, nameOf) =>
    policy(
      `Whether policy ${policyName(reason, nameOf)} closes this is unknown: it says something whose meaning is not known here (${listed(texts(reason.detail.unknown))}).`,
    ),
  exclusion_excepted: (reason, nameOf) => ({
    text: `${sentence(excludedName(reason, nameOf))} is excluded from ${policyNames(reason, nameOf)}, and left out by an approved exception.`,
    nextStep: seeExceptions,
  }),
  client_type_excepted: ({ detail }) => ({
    text: `Sign-ins from ${listed(texts(detail.clientAppTypes).map(type => clientNames[type] ?? type))} are left out by an approved exception.`,
    nextStep: seeExceptions,
  }),
  sign_in_risk_open: reason => policy(riskOpenText(reason)),
  user_risk_open: reason => policy(riskOpenText(reason)),
  sign_in_risk_answered: ({ count }) =>
    said(
      `${counted(count, ['enabled policy blocks or challenges', 'enabled policies together block or challenge'])} all users on all apps at high sign-in risk.`,
    ),
  user_risk_answered: ({ count }) =>
    said(
      `${counted(count, ['enabled policy blocks, challenges or has the password changed of', 'enabled policies together block, challenge or have the password changed of'])} all users on all apps at high user risk.`,
    ),
  medium_risk_open: ({ detail }) =>
    policy(
      `At medium ${listed(texts(detail.riskOf).map(of => riskNames[of] ?? of))} nothing of the kind happens for all users. Microsoft advises to react to medium risk as well.`,
    ),
}

const seeExceptions: Explanation['nextStep'] = { label: 'See the exceptions', action: 'see_exceptions' }

const riskNames: Record<string, string> = { sign_in: 'sign-in risk', user: 'user risk' }

function riskOpenText(reason: Reason): string {
  const of = texts(reason.detail.riskOf).join()
  const does = of === 'user' ? 'block, challenge or have the password changed of' : 'block or challenge'
  return `No enabled policies together ${does} all users on all apps at high ${riskNames[of] ?? of}${fromClients(reason)}. Make one that does, or lift what limits the ones there are.`
}

type NameOf = (id: string) => string

function exclusionText(reason: Reason, nameOf: NameOf): string {
  const excluded = excludedName(reason, nameOf)
  const members =
    reason.detail.expandable === false ? ' Its members cannot be read with the granted permissions.' : ''
  return `${sentence(excluded)} is excluded from ${policyNames(reason, nameOf)}, and no other enabled policy covers it.${members}`
}

function excludedName({ detail }: Reason, nameOf: NameOf): string {
  return exclusionName(texts(detail.exclusionKind).join(), texts(detail.exclusionId).join(), nameOf)
}

function overlapText(reason: Reason, nameOf: NameOf): string {
  const kinds = texts(reason.detail.exclusionKinds)
  const excluded = texts(reason.detail.exclusionIds).map((id, index) =>
    exclusionName(kinds[index] ?? '', id, nameOf),
  )
  return `${sentence(listed(excluded))} are excluded from ${policyNames(reason, nameOf)}: where they meet, no enabled policy is left.`
}

const kindNames: Record<string, string> = {
  user: 'user',
  group: 'group',
  role: 'role',
  guest_type: 'guest type',
  app: 'app',
  app_filter: 'app filter',
  platform: 'platform',
  location: 'location',
  device_filter: 'device filter',
}

/** Words of Graph that stand where an id would. */
const wellKnown: Record<string, string> = {
  office365: 'Office 365',
  microsoftadminportals: 'Microsoft admin portals',
  alltrusted: 'all trusted locations',
  internalguest: 'internal guests',
  b2bcollaborationguest: 'collaboration guests',
  b2bcollaborationmember: 'collaboration members',
  b2bdirectconnectuser: 'direct connect users',
  otherexternaluser: 'other external users',
  serviceprovider: 'service providers',
}

/** Something that a policy excludes, in words: “guest type collaboration guests”. */
export function exclusionName(kind: string, id: string, nameOf: NameOf): string {
  const [type = id, organization] = kind === 'guest_type' ? id.split('@') : [id]
  const from = organization === undefined ? '' : ` of organization ${organization}`
  return `${kindNames[kind] ?? kind} ${wellKnown[type] ?? nameOf(type)}${from}`
}

const limitNames: Record<string, string> = {
  users: 'the users it includes',
  apps: 'the apps it includes',
  app_filter: 'an app filter',
  platforms: 'device platforms',
  locations: 'locations',
  device_filter: 'a device filter',
  client_app_types: 'client app types',
}
const limitName = (limit: string) => limitNames[limit] ?? limit

const clientNames: Record<string, string> = {
  browser: 'browsers',
  mobileAppsAndDesktopClients: 'mobile apps and desktop clients',
  exchangeActiveSync: 'Exchange ActiveSync',
  other: 'other legacy clients',
}

function fromClients({ detail }: Reason): string {
  const clients = texts(detail.clientAppTypes).map(type => clientNames[type] ?? type)
  return clients.length === 0 ? '' : `: open to ${listed(clients)}`
}

function policyNames({ detail }: Reason, nameOf: NameOf): string {
  const names = texts(detail.policyIds).map(nameOf)
  return `${names.length === 1 ? 'policy' : 'policies'} ${listed(names)}`
}

const policyName = ({ detail }: Reason, nameOf: NameOf) => nameOf(texts(detail.policyId).join())
const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
const said = (text: string): Explanation => ({ text, nextStep: nothingToDo })
const policy = (text: string): Explanation => ({ text, nextStep: seePolicy })
