import type { Judgement, Population, Reason } from '../judgement.ts'
import { reason } from '../reason.ts'
import { judgementOf } from '../verdict.ts'
import { missingAmong, missingEvidenceReason, unknownPopulation } from './missing-evidence.ts'
import { judgeScopes, type PolicyEvidence, type PolicyQuestion } from './policy-judgement.ts'
import type { RiskOf } from './policy-standing.ts'
import { type RiskVisibility, riskUnseen } from './risk-visibility.ts'

export interface Ac13Input extends PolicyEvidence {
  readonly risk: RiskVisibility
}

/**
 * AC-13, risky sign-ins are challenged or blocked: enabled policies at high sign-in risk, and at high user risk, reach all
 * users on all apps. Medium risk is judged the same way and named as advice. Without P2 there is no risk to react to.
 */
export function judgeAc13(input: Ac13Input): Judgement {
  const unseen = riskUnseen(input.risk, input.unavailable ?? [])
  const missing = missingAmong(['conditional_access_policies'], input.unavailable ?? [])
  const unknown = [...unseen, ...missing.map(each => missingEvidenceReason(each))]
  if (unknown.length > 0) return judgementOf(unknown, unknownPopulation(2))
  const high = risks.map(of => ({ of, judged: judgeScopes(input, questionOf(of, 'high')) }))
  const reasons = high.flatMap(({ of, judged }) => judged.reasons.map(each => ofRisk(each, of)))
  return judgementOf(
    [...distinct(reasons), ...mediumAdvice(input)],
    sumOf(high.map(({ judged }) => judged.population)),
  )
}

const risks: readonly RiskOf[] = ['sign_in', 'user']

/** Legacy clients are AC-05's: nothing but a block could reach them. */
const questionOf = (of: RiskOf, level: 'high' | 'medium'): PolicyQuestion => ({
  clientAppTypes: ['browser', 'mobileAppsAndDesktopClients'],
  effects: ['second_factor', 'block'],
  alsoCloses: [],
  risk: { of, level },
  openCode: `${of}_risk_open`,
  closedCode: `${of}_risk_answered`,
})

/** What a rule on policies says is said of one kind of risk. */
const ofRisk = (each: Reason, of: RiskOf): Reason => ({ ...each, detail: { ...each.detail, riskOf: of } })

/** A near miss of both kinds of risk is told once. */
function distinct(reasons: readonly Reason[]): Reason[] {
  const seen = new Set<string>()
  return reasons.filter(({ code, verdict, detail }) => {
    if (verdict !== 'advice') return true
    const key = `${code} ${detail.policyId}`
    return !seen.has(key) && seen.add(key)
  })
}

function mediumAdvice(input: Ac13Input): Reason[] {
  const open = risks.filter(of => judgeScopes(input, questionOf(of, 'medium')).verdict !== 'pass')
  return open.length === 0
    ? []
    : [reason('medium_risk_open', 'advice', { count: open.length, detail: { riskOf: open } })]
}

const sumOf = (populations: readonly Population[]): Population =>
  populations.reduce((sum, each) => ({
    inScope: sum.inScope + each.inScope,
    pass: sum.pass + each.pass,
    fail: sum.fail + each.fail,
    noData: sum.noData + each.noData,
  }))
