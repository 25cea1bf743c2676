import type { ControlId } from '../domain/control/definition.ts'
import type { Judgement } from '../domain/control/judgement.ts'
import { createAc02 } from '../domain/control/rules/ac-02.ts'
import { judgeAc03 } from '../domain/control/rules/ac-03.ts'
import { createAc04 } from '../domain/control/rules/ac-04.ts'
import { judgeAc05 } from '../domain/control/rules/ac-05.ts'
import { judgeAc14 } from '../domain/control/rules/ac-14.ts'
import { judgeAc16 } from '../domain/control/rules/ac-16.ts'
import { evidenceKind, unavailableReasonNamed } from '../domain/evidence/kinds.ts'
import { wholeWindow } from '../domain/run/feed-window.ts'
import type { Unit } from '../ledger/ledger.ts'
import { accountFacts } from './account-facts.ts'
import type { ControlInputs, EvaluateOptions } from './control-inputs.ts'
import { currentBodies } from './current-bodies.ts'

/** Loads what the asked controls look at, each thing once, and hands it to their rules. */
export async function judgeControls(
  unit: Unit,
  inputs: ControlInputs,
  options: EvaluateOptions,
  controlIds: readonly ControlId[],
): Promise<Map<ControlId, Judgement>> {
  const judgements = new Map<ControlId, Judgement>()
  const isAsked = (id: ControlId) => controlIds.includes(id)
  if (isAsked('AC-02') || isAsked('AC-04')) await judgeAccounts(unit, inputs, options, isAsked, judgements)
  if (isAsked('AC-03') || isAsked('AC-05')) {
    const evidence = await policyEvidence(unit, inputs, options)
    if (isAsked('AC-03')) judgements.set('AC-03', judgeAc03(evidence))
    if (isAsked('AC-05')) judgements.set('AC-05', judgeAc05(evidence))
  }
  if (isAsked('AC-14')) judgements.set('AC-14', judgeFeed(unit, inputs, options))
  if (isAsked('AC-16')) judgements.set('AC-16', judgeCollector(unit, inputs, options))
  return judgements
}

async function judgeAccounts(
  unit: Unit,
  inputs: ControlInputs,
  options: EvaluateOptions,
  isAsked: (id: ControlId) => boolean,
  judgements: Map<ControlId, Judgement>,
) {
  const { transaction, organizationId, now } = unit
  const people = createAc02(now, { unavailable: inputs.missing })
  const administrators = createAc04({ unavailable: inputs.missing })
  for await (const fact of accountFacts(transaction, organizationId, options.sourceId, now)) {
    people.add(fact)
    administrators.add(fact)
  }
  if (isAsked('AC-02')) judgements.set('AC-02', people.finish())
  if (isAsked('AC-04')) judgements.set('AC-04', administrators.finish())
}

async function policyEvidence(unit: Unit, inputs: ControlInputs, { sourceId }: EvaluateOptions) {
  const { transaction, organizationId } = unit
  const policies = await currentBodies(transaction, organizationId, sourceId, 'conditional_access_policies')
  const [securityDefaults] = await currentBodies(transaction, organizationId, sourceId, 'security_defaults')
  return { policies, securityDefaults: securityDefaults ?? null, unavailable: inputs.missing }
}

function judgeFeed({ now }: Unit, inputs: ControlInputs, { absentKinds }: EvaluateOptions): Judgement {
  const start = new Date(now.getTime() - wholeWindow)
  const { connectedAt } = inputs.connection
  const riskyUsers = inputs.statuses.get('risky_users')
  return judgeAc14({
    windows: inputs.feedWindows,
    since: connectedAt > start ? connectedAt : start,
    at: now,
    staleAfter: evidenceKind('risky_sign_ins').staleAfter,
    riskyUsers: absentKinds.includes('risky_users')
      ? 'absent'
      : inputs.missing.some(missing => missing.kind === 'risky_users' && missing.reason !== 'not_collected')
        ? 'unavailable'
        : riskyUsers?.lastSuccessAt
          ? 'collected'
          : 'none',
    riskVisible: inputs.isRiskVisible,
    unavailable: inputs.missing,
  })
}

function judgeCollector(
  { now }: Unit,
  inputs: ControlInputs,
  { requiredScopes }: EvaluateOptions,
): Judgement {
  const { grantedScopes, missingScopes, excessScopes, secretExpiresOn, attention } = inputs.connection
  return judgeAc16({
    kinds: [...inputs.statuses].map(([kind, { outcome, reason }]) => {
      const known = unavailableReasonNamed(reason)
      return {
        kind,
        outcome: outcome === 'collected' || outcome === 'reaffirmed' ? outcome : 'unavailable',
        ...(known ? { reason: known } : {}),
      }
    }),
    grant: { granted: grantedScopes, missing: missingScopes, excess: excessScopes },
    requiredScopes,
    refusal: attention && { remedy: attention.remedy, explanation: attention.explanation },
    secretExpiresOn: secretExpiresOn === null ? null : new Date(`${secretExpiresOn}T00:00:00Z`),
    at: now,
  })
}
