import type { ConditionalAccessPolicyItem, SecurityDefaultsItem } from '../../evidence/items.ts'
import { type Judgement, maximumNamedSubjects, type Population, type Reason } from '../judgement.ts'
import { byCodeUnit, emptyPopulation, reason } from '../reason.ts'
import { judgementOf } from '../verdict.ts'
import { type MissingEvidence, missingAmong, missingEvidenceReason } from './missing-evidence.ts'
import { type GrantEffect, grantEffect } from './policy-grant.ts'
import { allExclusions, findHoles, type Hole } from './policy-holes.ts'
import { appliesTo, type Element, elementKey, type PolicyScope, policyScope } from './policy-scope.ts'
import { concernsPeoplesSignIns, type Impediment, impediments } from './policy-standing.ts'

type Policy = ConditionalAccessPolicyItem

export interface PolicyEvidence {
  /** Every policy of the tenant; ignored where `unavailable` names their kind. */
  readonly policies: readonly Policy[]
  /** Null where nothing is known of security defaults. */
  readonly securityDefaults: SecurityDefaultsItem | null
  readonly unavailable?: readonly MissingEvidence[]
}

/** What is asked of the policies together: that they have an effect on every sign-in from these clients. */
export interface PolicyQuestion {
  readonly clientAppTypes: readonly string[]
  /** At least one policy must have this effect on people's sign-ins. */
  readonly effect: GrantEffect
  /** Other effects that close a hole just as well. */
  readonly alsoCloses: readonly GrantEffect[]
  /** The reasons' codes for a sign-in that nothing makes special, and for a pass. */
  readonly openCode: string
  readonly closedCode: string
}

/**
 * Judges whether security defaults, or the enabled policies together, leave no sign-in out. Shared by the controls
 * that ask for it. No exclusion is excepted: each one that no other policy covers fails by name.
 */
export function judgePolicies(evidence: PolicyEvidence, question: PolicyQuestion): Judgement {
  const unavailable = evidence.unavailable ?? []
  const defaults =
    missingAmong(['security_defaults'], unavailable).length > 0 ? null : evidence.securityDefaults
  if (defaults?.isEnabled === true) {
    const population = { inScope: 1, pass: 1, fail: 0, noData: 0 }
    return judgementOf([reason('security_defaults_on', 'pass', { count: 1 })], population)
  }
  const [missing] = missingAmong(['conditional_access_policies'], unavailable)
  if (missing !== undefined) {
    const compensating = defaults === null ? null : 'security_defaults_off'
    const reasons = [
      missingEvidenceReason(missing, compensating),
      ...(defaults === null ? [defaultsUnknown(unavailable)] : []),
    ]
    return judgementOf(reasons, { ...emptyPopulation, inScope: 1, noData: 1 })
  }
  const judged = judgeScopes(evidence.policies, question)
  // Entra refuses security defaults beside an enabled policy: only where there is none do they still decide.
  const couldBeOn = defaults === null && !evidence.policies.some(policy => policy.state === 'enabled')
  if (judged.verdict === 'pass' || !couldBeOn) return judged
  return judgementOf([defaultsUnknown(unavailable)], { ...emptyPopulation, inScope: 1, noData: 1 })
}

function defaultsUnknown(unavailable: readonly MissingEvidence[]): Reason {
  const [missing] = missingAmong(['security_defaults'], unavailable)
  return missingEvidenceReason(missing ?? { kind: 'security_defaults', reason: 'not_collected' })
}

function judgeScopes(policies: readonly Policy[], question: PolicyQuestion): Judgement {
  const effects = [question.effect, ...question.alsoCloses]
  const concerned = policies
    .filter(concernsPeoplesSignIns)
    .sort((one, other) => byCodeUnit(one.id, other.id))
    .map(policy => ({ policy, scope: policyScope(policy), impediments: impediments(policy, effects) }))
  const counted = concerned.filter(each => each.impediments.length === 0)
  const hasEffect = counted.some(each => grantEffect(each.policy.grantControls) === question.effect)
  const scopes = hasEffect ? counted.map(each => each.scope) : []
  const { found, isComplete } = findHoles(scopes, question.clientAppTypes)

  if (found.length === 0) {
    const population = populationOf(scopes, [])
    if (isComplete)
      return judgementOf([reason(question.closedCode, 'pass', { count: scopes.length })], population)
    const detail = { policyIds: scopes.map(scope => scope.policyId) }
    return judgementOf(
      [reason('policies_too_entangled', 'no_data', { count: scopes.length, detail })],
      population,
    )
  }
  const reasons = [
    ...openReasons(found, question),
    ...exclusionReasons(found, scopes),
    ...limitReasons(found, scopes),
    ...nearMisses(found, concerned),
  ]
  return judgementOf(reasons, populationOf(scopes, found))
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
    .filter(scope => elements.some(element => scope.excluded.has(elementKey(element))))
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

const nearMissCodes: Record<Impediment, string> = {
  report_only: 'policy_report_only',
  disabled: 'policy_disabled',
  too_weak: 'policy_too_weak',
  only_at_risk: 'policy_only_at_risk',
  unknown_condition: 'policy_condition_unknown',
}

/** Policies that would close a hole if it were not for one thing. */
function nearMisses(
  holes: readonly Hole[],
  concerned: readonly { policy: Policy; scope: PolicyScope; impediments: readonly Impediment[] }[],
): Reason[] {
  const situations = holes.map(({ clientAppType, elements }) => ({
    clientAppType,
    elements: new Set(elements.map(elementKey)),
  }))
  return concerned
    .flatMap(({ policy, scope, impediments: [impediment, ...others] }) => {
      if (impediment === undefined || others.length > 0) return []
      // A policy that grants nothing (session controls alone) never meant to be the one.
      if (impediment === 'too_weak' && grantEffect(policy.grantControls) === 'nothing') return []
      if (!situations.some(situation => appliesTo(scope, situation))) return []
      return [reason(nearMissCodes[impediment], 'advice', { count: 1, detail: { policyId: policy.id } })]
    })
    .slice(0, maximumNamedSubjects)
}

/** All users on all apps are one, each exclusion one more; exclusions of a rule that is open anyway are not judged. */
function populationOf(scopes: readonly PolicyScope[], holes: readonly Hole[]): Population {
  const isOpen = holes.some(hole => hole.elements.length === 0)
  const failing = new Set(holes.flatMap(hole => hole.elements.map(elementKey))).size + (isOpen ? 1 : 0)
  const inScope = isOpen ? failing : 1 + allExclusions(scopes).length
  return { inScope, pass: inScope - failing, fail: failing, noData: 0 }
}
