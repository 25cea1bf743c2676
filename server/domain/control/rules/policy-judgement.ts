import type { ConditionalAccessPolicyItem, SecurityDefaultsItem } from '../../evidence/items.ts'
import { type Excepted, nothingExcepted } from '../decisions.ts'
import { type Judgement, maximumNamedSubjects, type Population, type Reason } from '../judgement.ts'
import { byCodeUnit, reason } from '../reason.ts'
import { judgementOf } from '../verdict.ts'
import {
  type MissingEvidence,
  missingAmong,
  missingEvidenceReason,
  unknownPopulation,
} from './missing-evidence.ts'
import { type GrantEffect, grantEffect } from './policy-grant.ts'
import { allExclusions, findHoles, type Hole } from './policy-holes.ts'
import {
  appliesTo,
  type Element,
  elementKey,
  guestTypeOf,
  type PolicyScope,
  policyScope,
  situationKeys,
  withoutExclusions,
} from './policy-scope.ts'
import {
  concernsPeoplesSignIns,
  effectOf,
  type Impediment,
  impediments,
  isUnknown,
  unknownsOf,
  type WantedEffect,
} from './policy-standing.ts'

type Policy = ConditionalAccessPolicyItem

export interface PolicyEvidence {
  /** Every policy of the tenant; ignored where `unavailable` names their kind. */
  readonly policies: readonly Policy[]
  /** Null where nothing is known of security defaults. */
  readonly securityDefaults: SecurityDefaultsItem | null
  readonly unavailable?: readonly MissingEvidence[]
  /** What approved exceptions leave out at the instant; nothing where it is not given. */
  readonly excepted?: Excepted
}

/** What is asked of the policies together: that they have an effect on every sign-in from these clients. */
export interface PolicyQuestion {
  readonly clientAppTypes: readonly string[]
  /** At least one policy must have one of these effects on people's sign-ins. */
  readonly effects: readonly GrantEffect[]
  /** Other effects that close a hole just as well. */
  readonly alsoCloses: readonly GrantEffect[]
  /** Of one kind of risk at one level; of every sign-in where it is not given. */
  readonly risk?: WantedEffect['risk']
  /** The reasons' codes for a sign-in that nothing makes special, and for a pass. */
  readonly openCode: string
  readonly closedCode: string
}

/**
 * Judges whether security defaults, or the enabled policies together, leave no sign-in out. Shared by the controls
 * that ask for it. What a policy excludes fails by name unless another policy covers it or an exception is in force.
 */
export function judgePolicies(evidence: PolicyEvidence, question: PolicyQuestion): Judgement {
  return withoutPolicies(evidence) ?? withUnknownDefaults(evidence, judgeScopes(evidence, question))
}

/** What security defaults or missing evidence decide by themselves; null where the policies must tell. */
export function withoutPolicies(evidence: PolicyEvidence, inScope = 1): Judgement | null {
  const defaults = knownDefaults(evidence)
  if (defaults?.isEnabled === true) {
    const population = { inScope, pass: inScope, fail: 0, noData: 0 }
    return judgementOf([reason('security_defaults_on', 'pass', { count: 1 })], population)
  }
  const unavailable = evidence.unavailable ?? []
  const [missing] = missingAmong(['conditional_access_policies'], unavailable)
  if (missing === undefined) return null
  const compensating = defaults === null ? null : 'security_defaults_off'
  const reasons = [
    missingEvidenceReason(missing, compensating),
    ...(defaults === null ? [defaultsUnknown(unavailable)] : []),
  ]
  return judgementOf(reasons, unknownPopulation(inScope))
}

/** Entra refuses security defaults beside an enabled policy: only where there is none do they still decide. */
export function withUnknownDefaults(evidence: PolicyEvidence, judged: Judgement): Judgement {
  const couldBeOn =
    knownDefaults(evidence) === null && !evidence.policies.some(policy => policy.state === 'enabled')
  if (judged.verdict === 'pass' || !couldBeOn) return judged
  const { inScope } = judged.population
  return judgementOf([defaultsUnknown(evidence.unavailable ?? [])], unknownPopulation(Math.max(inScope, 1)))
}

function knownDefaults({ securityDefaults, unavailable = [] }: PolicyEvidence): SecurityDefaultsItem | null {
  return missingAmong(['security_defaults'], unavailable).length > 0 ? null : securityDefaults
}

function defaultsUnknown(unavailable: readonly MissingEvidence[]): Reason {
  const [missing] = missingAmong(['security_defaults'], unavailable)
  return missingEvidenceReason(missing ?? { kind: 'security_defaults', reason: 'not_collected' })
}

/** A policy about people's sign-ins, and what keeps it from counting. */
interface Concerned {
  readonly policy: Policy
  readonly scope: PolicyScope
  readonly impediments: readonly Impediment[]
}

/** Judges the policies alone. @param whose as {@link findHoles} takes it: only these people's sign-ins are asked of */
export function judgeScopes(
  evidence: PolicyEvidence,
  question: PolicyQuestion,
  whose: readonly Element[] = [],
): Judgement {
  const excepted = evidence.excepted ?? nothingExcepted
  const wanted = wantedOf(question)
  const concerned = evidence.policies
    .filter(concernsPeoplesSignIns)
    .sort((one, other) => byCodeUnit(one.id, other.id))
    .map(policy => ({ policy, scope: policyScope(policy), impediments: impediments(policy, wanted) }))
  const counted = concerned.filter(each => each.impediments.length === 0)
  const doubtful = concerned.filter(each => each.impediments.length > 0 && each.impediments.every(isUnknown))
  const clientAppTypes = question.clientAppTypes.filter(
    id => !excepted.isExcepted({ kind: 'client_type', id }),
  )
  const lift = (scope: PolicyScope) =>
    withoutExclusions(scope, element => isExceptedElement(excepted, element))
  const holesOf = (policies: readonly Concerned[], isLifted: boolean) => {
    const scopes = hasEffect(policies, question) ? policies.map(({ scope }) => scope) : []
    return findHoles(isLifted ? scopes.map(lift) : scopes, clientAppTypes, whose)
  }

  const possible = holesOf(counted, true)
  const certain = doubtful.length === 0 ? possible : holesOf([...counted, ...doubtful], true)
  const certainKeys = new Set(certain.found.map(holeKey))
  const unsure = possible.found.filter(hole => !certainKeys.has(holeKey(hole)))
  const scopes = hasEffect(counted, question) ? counted.map(({ scope }) => scope) : []
  const leftOut = exceptedElements(scopes, excepted, () => holesOf(counted, false))
  const exceptedReasons = [
    ...leftOut.map(element => exclusionExcepted(element, scopes)),
    ...question.clientAppTypes
      .filter(clientAppType => !clientAppTypes.includes(clientAppType))
      .map(clientAppType =>
        reason('client_type_excepted', 'pass', { count: 1, detail: { clientAppTypes: [clientAppType] } }),
      ),
  ]
  const population = populationOf(scopes, { certain: certain.found, unsure, excepted: leftOut })

  if (certain.found.length === 0 && unsure.length === 0) {
    const detail = { policyIds: scopes.map(scope => scope.policyId) }
    const isEverythingExcepted = clientAppTypes.length === 0
    const closed = possible.isComplete
      ? isEverythingExcepted
        ? []
        : [reason(question.closedCode, 'pass', { count: scopes.length })]
      : [reason('policies_too_entangled', 'no_data', { count: scopes.length, detail })]
    return judgementOf([...closed, ...exceptedReasons], population)
  }
  const reasons = [
    ...openReasons(certain.found, question),
    ...exclusionReasons(certain.found, scopes),
    ...unknownReasons(unsure, doubtful, wanted),
    ...(certain.isComplete ? [] : [reason('policies_too_entangled', 'no_data', { count: scopes.length })]),
    ...exceptedReasons,
    ...limitReasons(certain.found, scopes),
    ...someOrganizations(certain.found, scopes, whose),
    ...nearMisses([...certain.found, ...unsure], concerned),
  ]
  return judgementOf(reasons, population)
}

const wantedOf = ({ effects, alsoCloses, risk }: PolicyQuestion): WantedEffect => ({
  effects: [...effects, ...alsoCloses],
  ...(risk ? { risk } : {}),
})

/** Whether one of the policies has, or may have, what is asked for, and not only what closes a hole as well. */
function hasEffect(policies: readonly Concerned[], question: PolicyQuestion): boolean {
  const wanted = wantedOf(question)
  return policies.some(({ policy, impediments: kept }) => {
    const effect = effectOf(policy, wanted)
    return question.effects.includes(effect) || (effect === 'unknown' && kept.includes('unknown_grant'))
  })
}

/** A user is an account as well: either name of it is excepted. Guests of an organization are excepted with their type. */
const isExceptedElement = (excepted: Excepted, element: Element): boolean =>
  excepted.isExcepted(element) ||
  (element.kind === 'user' && excepted.isExcepted({ kind: 'account', id: element.id })) ||
  excepted.isExcepted({ kind: element.kind, id: guestTypeOf(element) ?? element.id })

/** The exclusions that would let somebody through if there were no exception for them. */
function exceptedElements(
  scopes: readonly PolicyScope[],
  excepted: Excepted,
  unlifted: () => { readonly found: readonly Hole[] },
): Element[] {
  const candidates = allExclusions(scopes).filter(element => isExceptedElement(excepted, element))
  if (candidates.length === 0) return []
  const open = new Set(unlifted().found.flatMap(hole => hole.elements.map(elementKey)))
  return candidates.filter(element => open.has(elementKey(element)))
}

function exclusionExcepted(element: Element, scopes: readonly PolicyScope[]): Reason {
  const policyIds = scopes
    .filter(scope => scope.excluded.has(elementKey(element)))
    .map(scope => scope.policyId)
  const detail = { exclusionKind: element.kind, exclusionId: element.id, policyIds }
  return reason('exclusion_excepted', 'pass', {
    count: 1,
    subjects: element.kind === 'user' ? [element.id] : [],
    detail,
  })
}

const holeKey = ({ clientAppType, elements }: Hole) => [clientAppType, ...elements.map(elementKey)].join(' ')

/** The policies that may close what is open, and what of them is not known: unknown is never a pass. */
function unknownReasons(
  unsure: readonly Hole[],
  doubtful: readonly Concerned[],
  wanted: WantedEffect,
): Reason[] {
  if (unsure.length === 0) return []
  const named = doubtful.map(({ policy }) =>
    reason('policy_condition_unknown', 'no_data', {
      count: 1,
      detail: { policyId: policy.id, unknown: unknownsOf(policy, wanted) },
    }),
  )
  return named.slice(0, maximumNamedSubjects)
}

/** The clients from which a sign-in that nothing makes special is let through. */
function openReasons(holes: readonly Hole[], { openCode }: PolicyQuestion): Reason[] {
  const clientAppTypes = holes.filter(hole => hole.elements.length === 0).map(hole => hole.clientAppType)
  return clientAppTypes.length === 0
    ? []
    : [reason(openCode, 'fail', { count: 1, detail: { clientAppTypes } })]
}

function exclusionReasons(holes: readonly Hole[], scopes: readonly PolicyScope[]): Reason[] {
  const clientsByElements = new Map<string, { elements: readonly Element[]; clientAppTypes: string[] }>()
  for (const { elements, clientAppType } of holes.filter(hole => hole.elements.length > 0)) {
    const key = elements.map(elementKey).join(' ')
    const known = clientsByElements.get(key) ?? { elements, clientAppTypes: [] }
    clientsByElements.set(key, { elements, clientAppTypes: [...known.clientAppTypes, clientAppType] })
  }
  const reasons = [...clientsByElements.values()].map(({ elements, clientAppTypes }) =>
    exclusionReason(elements, clientAppTypes, scopes),
  )
  const more = reasons.length - maximumNamedSubjects
  if (more <= 0) return reasons
  return [
    ...reasons.slice(0, maximumNamedSubjects),
    reason('more_exclusions_not_covered', 'fail', { count: more }),
  ]
}

function exclusionReason(
  elements: readonly Element[],
  clientAppTypes: readonly string[],
  scopes: readonly PolicyScope[],
): Reason {
  const subjects = elements.filter(element => element.kind === 'user').map(element => element.id)
  const policyIds = scopes
    .filter(scope => [...situationKeys(elements)].some(key => scope.excluded.has(key)))
    .map(scope => scope.policyId)
  const [only] = elements
  const shared = { policyId: policyIds[0] ?? null, policyIds, clientAppTypes: [...clientAppTypes] }
  if (elements.length === 1 && only !== undefined) {
    const detail = {
      ...shared,
      exclusionKind: only.kind,
      exclusionId: only.id,
      expandable: isExpandable(only),
    }
    return reason('exclusion_not_covered', 'fail', { count: 1, subjects, detail })
  }
  const detail = {
    ...shared,
    exclusionKinds: elements.map(element => element.kind),
    exclusionIds: elements.map(element => element.id),
  }
  return reason('exclusions_overlap', 'fail', { count: 1, subjects, detail })
}

/** Who is in a group or a role cannot be read with the connector's scopes. */
const isExpandable = ({ kind }: Element) => kind !== 'group' && kind !== 'role'

/** Where even the ordinary sign-in is let through: what keeps each counting policy from applying to it. */
function limitReasons(holes: readonly Hole[], scopes: readonly PolicyScope[]): Reason[] {
  const open = holes.filter(hole => hole.elements.length === 0)
  if (open.length === 0) return []
  const limited = scopes.map(scope => {
    const hasLimitedClients = open.some(hole => !scope.clientAppTypes.has(hole.clientAppType))
    const limits = [
      ...new Set([
        ...scope.needed.map(({ condition }) => condition),
        ...(hasLimitedClients ? ['client_app_types'] : []),
      ]),
    ]
    return reason('policy_limited', 'advice', { count: 1, detail: { policyId: scope.policyId, limits } })
  })
  return limited.slice(0, maximumNamedSubjects)
}

/** Policies for guests of named organizations, where guests of the type are let through: they cover these alone. */
function someOrganizations(
  holes: readonly Hole[],
  scopes: readonly PolicyScope[],
  whose: readonly Element[],
): Reason[] {
  const open = holes.flatMap(({ elements }) =>
    [...elements, ...whose].filter(({ kind }) => kind === 'guest_type').map(elementKey),
  )
  const isOfSome = ({ needed }: PolicyScope) =>
    needed.some(({ anyOf }) => [...anyOf].some(key => open.some(type => key.startsWith(`${type}@`))))
  return scopes
    .filter(isOfSome)
    .map(({ policyId }) =>
      reason('policy_of_some_organizations', 'advice', { count: 1, detail: { policyId } }),
    )
    .slice(0, maximumNamedSubjects)
}

const nearMissCodes: Partial<Record<Impediment, string>> = {
  report_only: 'policy_report_only',
  disabled: 'policy_disabled',
  too_weak: 'policy_too_weak',
  only_at_risk: 'policy_only_at_risk',
  not_at_risk: 'policy_not_at_risk',
  other_risk: 'policy_other_risk',
  only_some_flows: 'policy_only_some_flows',
}

/** Policies that would close a hole if it were not for one thing. */
function nearMisses(holes: readonly Hole[], concerned: readonly Concerned[]): Reason[] {
  const situations = holes.map(({ clientAppType, elements }) => ({
    clientAppType,
    elements: situationKeys(elements),
  }))
  return concerned
    .flatMap(({ policy, scope, impediments: [impediment, ...others] }) => {
      if (impediment === undefined || others.length > 0) return []
      const code = nearMissCodes[impediment]
      // A policy that grants nothing (session controls alone) never meant to be the one.
      const isOfSession = impediment === 'too_weak' && grantEffect(policy.grantControls) === 'nothing'
      if (code === undefined || isOfSession) return []
      if (!situations.some(situation => appliesTo(scope, situation))) return []
      return [reason(code, 'advice', { count: 1, detail: { policyId: policy.id } })]
    })
    .slice(0, maximumNamedSubjects)
}

/**
 * All users on all apps are one, each exclusion one more; exclusions of a rule that is open anyway are not judged. What
 * is excepted is in scope, and neither passes nor fails.
 */
function populationOf(
  scopes: readonly PolicyScope[],
  found: { certain: readonly Hole[]; unsure: readonly Hole[]; excepted: readonly Element[] },
): Population {
  const keysOf = (holes: readonly Hole[]) =>
    new Set(holes.flatMap(hole => (hole.elements.length === 0 ? [everyone] : hole.elements.map(elementKey))))
  const failing = keysOf(found.certain)
  const unknown = [...keysOf(found.unsure)].filter(key => !failing.has(key)).length
  const isOpen = failing.has(everyone)
  const [fail, noData] = [failing.size, isOpen ? 0 : unknown]
  const inScope = isOpen ? fail : Math.max(1 + allExclusions(scopes).length, fail + noData)
  return {
    inScope,
    pass: Math.max(0, inScope - fail - noData - (isOpen ? 0 : found.excepted.length)),
    fail,
    noData,
  }
}

const everyone = ''
