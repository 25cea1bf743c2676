import type { ConditionalAccessPolicyItem } from '../../evidence/items.ts'
import { type GrantEffect, grantEffect } from './policy-grant.ts'

/** Why a policy that is about people's sign-ins to apps does not count; empty where it does. */
export type Impediment = 'report_only' | 'disabled' | 'too_weak' | 'only_at_risk' | 'unknown_condition'

/**
 * Whether a policy is about people signing in to apps at all. Policies for workload identities, for user actions (to
 * register a device or security information) and for authentication contexts are not.
 */
export function concernsPeoplesSignIns({ conditions }: ConditionalAccessPolicyItem): boolean {
  const { applications } = conditions
  return (
    !conditions.forWorkloadIdentities &&
    conditions.servicePrincipalRiskLevels.length === 0 &&
    applications.includeUserActions.length === 0 &&
    applications.includeAuthenticationContextClassReferences.length === 0
  )
}

/**
 * What keeps a policy from counting towards one of the effects.
 * A risk level, or a condition that is not known, makes it apply to some sign-ins only, and nobody can tell which.
 */
export function impediments(
  policy: ConditionalAccessPolicyItem,
  effects: readonly GrantEffect[],
): Impediment[] {
  const { conditions } = policy
  const isRiskOnly = [
    conditions.userRiskLevels,
    conditions.signInRiskLevels,
    conditions.insiderRiskLevels,
  ].some(levels => levels.length > 0)
  return [
    ...stateImpediments(policy.state),
    ...(effects.includes(grantEffect(policy.grantControls)) ? [] : (['too_weak'] as const)),
    ...(isRiskOnly ? (['only_at_risk'] as const) : []),
    ...(conditions.other.length > 0 ? (['unknown_condition'] as const) : []),
  ]
}

/** A state that is not known enforces nothing for sure. */
function stateImpediments(state: string): Impediment[] {
  if (state === 'enabled') return []
  return [state === 'enabledForReportingButNotEnforced' ? 'report_only' : 'disabled']
}
