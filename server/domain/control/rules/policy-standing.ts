import type { ConditionalAccessPolicyItem } from '../../evidence/items.ts'
import { type GrantEffect, grantEffect, riskRemedies } from './policy-grant.ts'

type Policy = ConditionalAccessPolicyItem

/** What is asked of a policy: an effect on sign-ins, of every risk or at one level of one kind of risk. */
export interface WantedEffect {
  readonly effects: readonly GrantEffect[]
  readonly risk?: { readonly of: RiskOf; readonly level: 'high' | 'medium' }
}

export type RiskOf = 'sign_in' | 'user'

/** Why a policy that is about people's sign-ins to apps does not count; empty where it does. */
export type Impediment = Hindrance | Unknown

/** It is known not to count. */
export type Hindrance =
  | 'report_only'
  | 'disabled'
  | 'too_weak'
  | 'only_at_risk'
  | 'not_at_risk'
  | 'other_risk'
  | 'only_some_flows'

/** Nobody can tell whether it counts. */
export type Unknown = 'unknown_state' | 'unknown_grant' | 'unknown_condition'

const unknowns: ReadonlySet<string> = new Set<Unknown>([
  'unknown_state',
  'unknown_grant',
  'unknown_condition',
])

export const isUnknown = (impediment: Impediment): impediment is Unknown => unknowns.has(impediment)

/**
 * Whether a policy is about people signing in to apps at all. Policies for workload identities, for user actions (to
 * register a device or security information) and for authentication contexts are not.
 */
export function concernsPeoplesSignIns({ conditions }: Policy): boolean {
  const { applications } = conditions
  return (
    !conditions.forWorkloadIdentities &&
    conditions.servicePrincipalRiskLevels.length === 0 &&
    applications.includeUserActions.length === 0 &&
    applications.includeAuthenticationContextClassReferences.length === 0
  )
}

/** What keeps a policy from counting, what is known first. */
export function impediments(policy: Policy, wanted: WantedEffect): Impediment[] {
  const effect = effectOf(policy, wanted)
  const isWanted = wanted.effects.includes(effect)
  return [
    ...stateImpediments(policy.state),
    ...(isWanted || effect === 'unknown' ? [] : (['too_weak'] as const)),
    ...riskImpediments(policy, wanted, effect),
    ...(policy.conditions.other.some(isOfFlows) ? (['only_some_flows'] as const) : []),
    ...(effect === 'unknown' ? (['unknown_grant'] as const) : []),
    ...(unknownConditions(policy).length > 0 ? (['unknown_condition'] as const) : []),
  ]
}

/** What a policy asks for, as far as the question goes: at user risk a change of password counts as well. */
export const effectOf = ({ grantControls }: Policy, { risk }: WantedEffect): GrantEffect =>
  risk?.of === 'user' ? grantEffect(grantControls, riskRemedies) : grantEffect(grantControls)

/** Names of what a policy says and nobody here knows the meaning of, sorted as they come. */
export function unknownsOf(policy: Policy, wanted: WantedEffect): string[] {
  return [
    ...(stateImpediments(policy.state).includes('unknown_state') ? [`state ${policy.state}`] : []),
    ...(effectOf(policy, wanted) === 'unknown' ? ['grant controls'] : []),
    ...unknownConditions(policy),
  ]
}

/** A state that is not known may or may not enforce. */
function stateImpediments(state: string): Impediment[] {
  if (state === 'enabled') return []
  if (state === 'enabledForReportingButNotEnforced') return ['report_only']
  return [state === 'disabled' ? 'disabled' : 'unknown_state']
}

/**
 * Asked of every sign-in, a risk level makes a policy apply to some only. Asked of one kind of risk, the policy must
 * name that level and no other kind, since kinds are taken together: a policy at high user risk and high sign-in risk
 * applies where both are seen. One that names no risk counts where it blocks. One that demands a second factor always
 * does not: whoever gave it earlier in the session is not asked again when a risk is seen.
 */
function riskImpediments({ conditions }: Policy, { risk }: WantedEffect, effect: GrantEffect): Impediment[] {
  const levels = {
    sign_in: conditions.signInRiskLevels,
    user: conditions.userRiskLevels,
    insider: conditions.insiderRiskLevels,
  }
  const named = Object.entries(levels).filter(([, names]) => names.length > 0)
  if (!risk) return named.length > 0 ? ['only_at_risk'] : []
  if (named.length === 0) return effect === 'block' ? [] : ['not_at_risk']
  const isOfAnother = named.some(([of]) => of !== risk.of)
  return isOfAnother || !levels[risk.of].includes(risk.level) ? ['other_risk'] : []
}

/** Device code flow and authentication transfer: a policy that names them applies to these alone. */
const isOfFlows = (condition: string) => condition.split('.')[0] === 'authenticationFlows'

function unknownConditions({ conditions }: Policy): string[] {
  const filters = { 'applications.filter': conditions.applications.filter, devices: conditions.devices }
  return [
    ...conditions.other.filter(condition => !isOfFlows(condition)),
    ...Object.entries(filters).flatMap(([name, filter]) =>
      filter === null || ['include', 'exclude'].includes(filter.mode.toLowerCase()) ? [] : [name],
    ),
  ]
}
