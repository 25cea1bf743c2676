import type { ConditionalAccessPolicyItem } from '../../evidence/items.ts'
import { byCodeUnit } from '../reason.ts'

/**
 * Which sign-ins a policy applies to, as sets. A sign-in is described by what makes it special: the element
 * `group:…` says that its user is in that group, and nothing is said of groups that are not among its elements.
 * The ordinary sign-in has no element at all: a user, an app and a device that no policy names.
 */
export const elementKinds = [
  'user',
  'group',
  'role',
  'guest_type',
  'app',
  'app_filter',
  'platform',
  'location',
  'device_filter',
] as const
export type ElementKind = (typeof elementKinds)[number]

export interface Element {
  readonly kind: ElementKind
  readonly id: string
}

export interface PolicyScope {
  readonly policyId: string
  readonly clientAppTypes: ReadonlySet<string>
  /** A sign-in with any of these is left out. Sorted. */
  readonly exclusions: readonly Element[]
  readonly excluded: ReadonlySet<string>
  /** Per condition that does not take everything: one of these is needed. */
  readonly needed: readonly { readonly condition: Condition; readonly anyOf: ReadonlySet<string> }[]
}

export type Condition = 'users' | 'apps' | 'app_filter' | 'platforms' | 'locations' | 'device_filter'

export interface Situation {
  readonly clientAppType: string
  /** Keys of {@link elementKey}. */
  readonly elements: ReadonlySet<string>
}

export const elementKey = ({ kind, id }: Element): string => `${kind}:${id}`

/** The keys of a sign-in with these elements: a guest of a named organization is a guest of that type as well. */
export const situationKeys = (elements: readonly Element[]): Set<string> =>
  new Set(elements.flatMap(element => [elementKey(element), ...impliedKeys(element)]))

const impliedKeys = (element: Element): string[] => {
  const type = guestTypeOf(element)
  return type === null ? [] : [elementKey({ kind: 'guest_type', id: type })]
}

/** Of guests of a named organization (`type@organization`) their type alone; null for anything else. */
export function guestTypeOf({ kind, id }: Element): string | null {
  const at = id.indexOf('@')
  return kind === 'guest_type' && at > 0 ? id.slice(0, at) : null
}

/** Conditions that the shape does not model (risk, flows, unknown ones) are for the caller to rule out. */
export function policyScope(policy: ConditionalAccessPolicyItem): PolicyScope {
  const { users, applications, platforms, locations, devices, clientAppTypes } = policy.conditions
  const exclusions = distinct([
    ...elements('user', users.excludeUsers),
    ...elements('group', users.excludeGroups),
    ...elements('role', users.excludeRoles),
    ...excludedGuests(users.excludeGuestsOrExternalUsers),
    ...elements('app', applications.excludeApplications),
    ...filterElements('app_filter', applications.filter, 'exclude'),
    ...elements('platform', platforms?.exclude ?? []),
    ...elements('location', locations?.exclude ?? []),
    ...filterElements('device_filter', devices, 'exclude'),
  ])
  const needed = [
    need('users', hasAll(users.includeUsers), includedUsers(users)),
    need('apps', takesAllApps(applications), elements('app', applications.includeApplications)),
    need(
      'app_filter',
      !isNarrowing(applications.filter),
      filterElements('app_filter', applications.filter, 'include'),
    ),
    need(
      'platforms',
      platforms === null || hasAll(platforms.include),
      elements('platform', platforms?.include ?? []),
    ),
    need(
      'locations',
      locations === null || hasAll(locations.include),
      elements('location', locations?.include ?? []),
    ),
    need('device_filter', !isNarrowing(devices), filterElements('device_filter', devices, 'include')),
    need('platforms', !hasAll(platforms?.exclude ?? []), []),
    need('locations', !hasAll(locations?.exclude ?? []), []),
  ].flat()
  return {
    policyId: policy.id,
    clientAppTypes: namedClientAppTypes(clientAppTypes),
    exclusions,
    excluded: new Set(exclusions.map(elementKey)),
    needed,
  }
}

/** The same policy as if it excluded nothing of what is not to be looked at. */
export function withoutExclusions(scope: PolicyScope, isLeftOut: (element: Element) => boolean): PolicyScope {
  const exclusions = scope.exclusions.filter(element => !isLeftOut(element))
  if (exclusions.length === scope.exclusions.length) return scope
  return { ...scope, exclusions, excluded: new Set(exclusions.map(elementKey)) }
}

/** Whether the policy applies to every sign-in that is as described. */
export function appliesTo(scope: PolicyScope, situation: Situation): boolean {
  if (!scope.clientAppTypes.has(situation.clientAppType)) return false
  if (meet(scope.excluded, situation.elements)) return false
  return scope.needed.every(({ anyOf }) => meet(anyOf, situation.elements))
}

function meet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  for (const key of other) if (one.has(key)) return true
  return false
}

/**
 * Whether no sign-in can have both: it has one user, of one guest type at most, one app and one platform. Groups,
 * roles, suites of apps, locations and filters may all be met at once, since nothing says that they may not.
 */
export function areExclusive(one: Element, other: Element): boolean {
  if (one.kind !== other.kind || one.id === other.id) return false
  if (one.kind === 'app') return isObjectId(one.id) && isObjectId(other.id)
  // Who is of a named organization is of the type as well.
  if (guestTypeOf(one) === other.id || guestTypeOf(other) === one.id) return false
  return one.kind === 'user' || one.kind === 'guest_type' || one.kind === 'platform'
}

/** Suites (`Office365`, `MicrosoftAdminPortals`) have names, apps have ids. */
const isObjectId = (id: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)

type Users = ConditionalAccessPolicyItem['conditions']['users']
type Applications = ConditionalAccessPolicyItem['conditions']['applications']
type Filter = { readonly mode: string; readonly rule: string } | null

function includedUsers(users: Users): Element[] {
  const guests = users.includeGuestsOrExternalUsers
  return [
    ...elements('user', users.includeUsers),
    ...elements('group', users.includeGroups),
    ...elements('role', users.includeRoles),
    ...includedGuests(guests),
  ]
}

type Guests = Users['includeGuestsOrExternalUsers']

/**
 * Guests of enumerated organizations are only some guests of their type, told apart by organization. Internal guests are
 * of none, and where the organizations were not recorded nobody can tell which they are: then all of the type may be
 * excluded, and no one is included for sure.
 */
function excludedGuests(guests: Guests): Element[] {
  if (guests === null) return []
  return guests.allTenants ? elements('guest_type', guests.types) : guestsOfSome(guests, 'whole_type')
}

function includedGuests(guests: Guests): Element[] {
  if (guests === null) return []
  return guests.allTenants ? elements('guest_type', guests.types) : guestsOfSome(guests, 'nobody')
}

const guestsOfSome = ({ types, tenants }: NonNullable<Guests>, untold: 'whole_type' | 'nobody'): Element[] =>
  elements('guest_type', types).flatMap(type =>
    tenants === undefined || type.id === 'internalguest'
      ? untold === 'whole_type'
        ? [type]
        : []
      : tenants.map(tenant => ({ kind: type.kind, id: `${type.id}@${tenant}` })),
  )

/** A policy that picks apps by attribute alone names none; the filter is a condition of its own. */
const takesAllApps = ({ includeApplications, filter }: Applications) =>
  hasAll(includeApplications) || (includeApplications.length === 0 && isNarrowing(filter))

const guestTypes = [
  'internalGuest',
  'b2bCollaborationGuest',
  'b2bCollaborationMember',
  'b2bDirectConnectUser',
  'otherExternalUser',
  'serviceProvider',
]

function elements(kind: ElementKind, ids: readonly string[]): Element[] {
  return ids.flatMap(id => {
    if (id.toLowerCase() === 'none') return []
    if (kind === 'user' && id.toLowerCase() === 'guestsorexternalusers')
      return elements('guest_type', guestTypes)
    return [{ kind, id: id.toLowerCase() }]
  })
}

const hasAll = (ids: readonly string[]) => ids.some(id => id.toLowerCase() === 'all')

/** A mode that is not known is an unknown condition, which this shape does not model. */
const isNarrowing = (filter: Filter) => filter?.mode.toLowerCase() === 'include'

/** The rule's text is the element: two policies that use the same rule speak of the same devices or apps. */
const filterElements = (kind: ElementKind, filter: Filter, mode: string): Element[] =>
  filter !== null && filter.mode.toLowerCase() === mode ? [{ kind, id: filter.rule.trim() }] : []

function need(condition: Condition, takesAll: boolean, included: readonly Element[]): PolicyScope['needed'] {
  return takesAll ? [] : [{ condition, anyOf: new Set(included.map(elementKey)) }]
}

/**
 * Where a policy names no client app types it is taken at the least it has ever meant: before August 2020 it left
 * legacy clients alone.
 */
function namedClientAppTypes(named: readonly string[]): Set<string> {
  const types = named.length > 0 ? named : ['browser', 'mobileAppsAndDesktopClients']
  const everything = ['browser', 'mobileAppsAndDesktopClients', 'exchangeActiveSync', 'other']
  return new Set(types.flatMap(type => (type.toLowerCase() === 'all' ? everything : [type])))
}

function distinct(list: readonly Element[]): Element[] {
  const byKey = new Map(list.map(element => [elementKey(element), element]))
  return [...byKey].sort(([one], [other]) => byCodeUnit(one, other)).map(([, element]) => element)
}
