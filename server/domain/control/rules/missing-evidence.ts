import {
  type EvidenceKind,
  evidenceKind,
  evidenceKinds,
  type UnavailableReason,
  unavailableReasonNamed,
} from '../../evidence/kinds.ts'
import { isSettledAsUnlicensed } from '../../run/outcome.ts'
import type { Judgement, Population, Reason } from '../judgement.ts'
import { emptyPopulation, reason } from '../reason.ts'
import { judgementOf } from '../verdict.ts'

/**
 * A required kind of which there is nothing to judge on, and why: the source's answer, `absent` where its cloud
 * does not offer the kind, or `not_collected` where no run has come to it yet. A kind whose last read failed while
 * an earlier one is still held is not missing: freshness tells its age.
 */
export interface MissingEvidence {
  readonly kind: EvidenceKind
  readonly reason: UnavailableReason | 'absent' | 'not_collected'
}

const settled: readonly MissingEvidence['reason'][] = ['licence', 'scope', 'role', 'absent']

/** Licence, scope, role and absence are answers: not testable. Anything else says nothing: no data. */
export function missingEvidenceReason(missing: MissingEvidence, compensating: string | null = null): Reason {
  const detail = {
    kind: missing.kind,
    kindTitle: evidenceKind(missing.kind).title,
    reason: missing.reason,
    licence: licences[missing.kind],
    compensating,
  }
  if (settled.includes(missing.reason))
    return reason('evidence_unavailable', 'not_testable', { count: 1, detail })
  const code = missing.reason === 'not_collected' ? 'evidence_not_collected' : 'evidence_unreadable'
  return reason(code, 'no_data', { count: 1, detail })
}

/** Sign-ins are read, but not their risk: it is unknown, which is not the same as none. */
export const hiddenRiskReason = (): Reason =>
  reason('risk_hidden', 'not_testable', {
    count: 1,
    detail: { reason: 'licence', licence: licences.risky_sign_ins },
  })

/** The missing ones among the kinds that a rule needs, each once, in the rule's order. */
export function missingAmong(
  kinds: readonly EvidenceKind[],
  unavailable: readonly MissingEvidence[],
): MissingEvidence[] {
  return kinds.flatMap(kind => unavailable.find(missing => missing.kind === kind) ?? [])
}

/** What the runs found of a kind last, and what was known of it by then. */
export interface KindFinding {
  readonly outcome: string
  readonly reason: string | null
  readonly lastSuccessAt: Date | null
  readonly licenceAnswers: number
}

/** The kinds of a source of which there is nothing to judge on. `absentKinds`: nothing of them is expected. */
export function missingEvidence(
  findings: ReadonlyMap<EvidenceKind, KindFinding>,
  absentKinds: readonly EvidenceKind[],
): MissingEvidence[] {
  return evidenceKinds.flatMap(kind =>
    absentKinds.includes(kind)
      ? [{ kind, reason: 'absent' as const }]
      : missingKind(kind, findings.get(kind)),
  )
}

function missingKind(kind: EvidenceKind, finding: KindFinding | undefined): MissingEvidence[] {
  if (!finding) return [{ kind, reason: 'not_collected' }]
  const { outcome, lastSuccessAt, licenceAnswers } = finding
  const reason = unavailableReasonNamed(finding.reason)
  if (outcome !== 'unavailable' || !reason) return []
  const history = { hasEverSucceeded: lastSuccessAt !== null, licenceAnswers }
  const isAnswer = reason === 'scope' || reason === 'role' || isSettledAsUnlicensed(reason, history)
  // What was collected before a failure still stands; freshness tells its age.
  return isAnswer || lastSuccessAt === null ? [{ kind, reason }] : []
}

/** The plan without which a kind does not come; null for what comes with every one. */
const licences: Record<EvidenceKind, 'P1' | 'P2' | null> = {
  user_inventory: null,
  mfa_registration: 'P1',
  security_defaults: null,
  conditional_access_policies: 'P1',
  risky_users: 'P2',
  risky_sign_ins: 'P2',
  sign_in_activity: 'P1',
}

/** Nothing is connected: nothing is known. */
export const judgeWithoutConnection = (): Judgement =>
  judgementOf([reason('no_connection', 'no_data')], emptyPopulation)

/** From the instant of revocation on nothing is known, so that revoking never raises coverage. */
export const judgeRevoked = (): Judgement => judgementOf([reason('revoked', 'no_data')], emptyPopulation)

/** All that was in scope, of which nothing is known. */
export const unknownPopulation = (inScope: number): Population => ({
  ...emptyPopulation,
  inScope,
  noData: inScope,
})
