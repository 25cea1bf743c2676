import type { ConditionalAccessPolicyItem } from './items.ts'
import {
  appNames,
  clientNames,
  grantNames,
  guestTypeNames,
  locationNames,
  roleTemplateNames,
  userWords,
} from './policy-words.ts'

/** A policy in words; each list is empty where the policy says nothing of the kind. */
export interface PolicyWords {
  name: string
  state: 'enabled' | 'report_only' | 'disabled' | 'other'
  stateWords: string
  who: string[]
  apps: string[]
  /** What else must hold for the policy to apply. */
  conditions: string[]
  /** What it asks for then, as a sentence. */
  grant: string
  exclusions: string[]
}

/** @param nameOf the name of an account, group or app by its id, where one is known */
export function describePolicy(
  policy: ConditionalAccessPolicyItem,
  nameOf: (id: string) => string | undefined = () => undefined,
): PolicyWords {
  const state = states[policy.state] ?? 'other'
  return {
    name: policy.displayName ?? 'Policy without a name',
    state,
    stateWords: state === 'other' ? policy.state : stateWords[state],
    who: subjects(policy, 'include', nameOf),
    apps: includedApps(policy, nameOf),
    conditions: conditionWords(policy),
    grant: grantWords(policy),
    exclusions: exclusionWords(policy, nameOf),
  }
}

/** Ids of accounts that a policy names: who reads the policy wants to know who they are. */
export const namedAccounts = ({ conditions: { users } }: ConditionalAccessPolicyItem): string[] =>
  [...users.includeUsers, ...users.excludeUsers].filter(id => !(id in userWords))

const states: Record<string, Exclude<PolicyWords['state'], 'other'>> = {
  enabled: 'enabled',
  disabled: 'disabled',
  enabledForReportingButNotEnforced: 'report_only',
}
const stateWords = { enabled: 'On', disabled: 'Off', report_only: 'Report-only: enforces nothing' }

type NameOf = (id: string) => string | undefined

function subjects(
  policy: ConditionalAccessPolicyItem,
  side: 'include' | 'exclude',
  nameOf: NameOf,
): string[] {
  const { users, forWorkloadIdentities } = policy.conditions
  const guests = side === 'include' ? users.includeGuestsOrExternalUsers : users.excludeGuestsOrExternalUsers
  return [
    ...(forWorkloadIdentities && side === 'include' ? ['workload identities, not people'] : []),
    ...users[`${side}Users`].map(id => userWords[id] ?? nameOf(id) ?? `account ${id}`),
    ...users[`${side}Groups`].map(id => `group ${nameOf(id) ?? id}`),
    ...users[`${side}Roles`].map(id => `role ${roleTemplateNames[id] ?? nameOf(id) ?? id}`),
    ...(guests?.types.map(type => `${guestTypeNames[type] ?? type}${ofOrganizations(guests)}`) ?? []),
  ]
}

/** Of which organizations, where it is not of all. */
function ofOrganizations({
  allTenants,
  tenants,
}: {
  allTenants: boolean
  tenants?: string[] | undefined
}): string {
  if (allTenants) return ''
  return tenants === undefined
    ? ' of some organizations'
    : ` of ${listed(
        tenants.map(id => `organization ${id}`),
        'or',
      )}`
}

function includedApps(
  { conditions: { applications } }: ConditionalAccessPolicyItem,
  nameOf: NameOf,
): string[] {
  return [
    ...applications.includeApplications.map(id => appNames[id] ?? `app ${nameOf(id) ?? id}`),
    ...applications.includeUserActions.map(action => `the user action ${lastPart(action)}`),
    ...applications.includeAuthenticationContextClassReferences.map(id => `authentication context ${id}`),
    ...(applications.filter?.mode === 'include' ? [`apps by filter: ${applications.filter.rule}`] : []),
  ]
}

function conditionWords({ conditions }: ConditionalAccessPolicyItem): string[] {
  const { platforms, locations, devices } = conditions
  const clients = conditions.clientAppTypes.filter(type => type !== 'all')
  const risk = (levels: readonly string[], what: string) =>
    levels.length > 0 ? [`${what} is ${listed(levels, 'or')}`] : []
  return [
    ...(clients.length > 0
      ? [
          `from ${listed(
            clients.map(type => clientNames[type] ?? type),
            'or',
          )}`,
        ]
      : []),
    ...(platforms && platforms.include.length > 0 && !platforms.include.includes('all')
      ? [`on ${listed(platforms.include, 'or')}`]
      : []),
    ...(locations && locations.include.length > 0 && !locations.include.includes('All')
      ? [`from ${listed(locations.include.map(locationName), 'or')}`]
      : []),
    ...(devices?.mode === 'include' ? [`devices by filter: ${devices.rule}`] : []),
    ...risk(conditions.signInRiskLevels, 'sign-in risk'),
    ...risk(conditions.userRiskLevels, 'user risk'),
    ...risk(conditions.insiderRiskLevels, 'insider risk'),
    ...risk(conditions.servicePrincipalRiskLevels, 'workload risk'),
    ...conditions.other.map(name => `a condition that is not known here: ${name}`),
  ]
}

function grantWords({ grantControls, sessionControls }: ConditionalAccessPolicyItem): string {
  if (grantControls === null)
    return sessionControls === null ? 'Asks for nothing.' : 'Limits the session only.'
  const { builtInControls, authenticationStrength, customAuthenticationFactors, termsOfUse, operator } =
    grantControls
  if (builtInControls.includes('block')) return 'Blocks access.'
  const asked = [
    ...builtInControls.map(control => grantNames[control] ?? control),
    ...(authenticationStrength
      ? [`the strength “${authenticationStrength.displayName ?? authenticationStrength.id}”`]
      : []),
    ...customAuthenticationFactors.map(factor => `the custom factor ${factor}`),
    ...(termsOfUse.length > 0 ? ['accepted terms of use'] : []),
  ]
  return asked.length === 0
    ? 'Asks for nothing.'
    : `Asks for ${listed(asked, operator === 'OR' ? 'or' : 'and')}.`
}

function exclusionWords(policy: ConditionalAccessPolicyItem, nameOf: NameOf): string[] {
  const { applications, platforms, locations, devices } = policy.conditions
  return [
    ...subjects(policy, 'exclude', nameOf),
    ...applications.excludeApplications.map(id => appNames[id] ?? `app ${nameOf(id) ?? id}`),
    ...(applications.filter?.mode === 'exclude' ? [`apps by filter: ${applications.filter.rule}`] : []),
    ...(platforms?.exclude.map(platform => `platform ${platform}`) ?? []),
    ...(locations?.exclude.map(locationName) ?? []),
    ...(devices?.mode === 'exclude' ? [`devices by filter: ${devices.rule}`] : []),
  ]
}

const locationName = (id: string) => locationNames[id] ?? `location ${id}`
const lastPart = (text: string) => text.split(':').at(-1) ?? text
const listed = (values: readonly string[], join: 'and' | 'or') =>
  new Intl.ListFormat('en', { type: join === 'and' ? 'conjunction' : 'disjunction' }).format(values)
