import { type EvidenceKind, evidenceKinds, unavailableReasonNamed } from '../evidence/kinds.ts'
import { isSettledAsUnlicensed } from '../run/outcome.ts'
import type { KindEvidence } from './freshness.ts'

/** What was found of a kind last, and what was known of it by then. */
export interface KindStanding {
  readonly kind: string
  readonly outcome: string
  readonly reason: string | null
  readonly lastSuccessAt: Date | null
  readonly licenceAnswers: number
}

/** Every kind of a source: when it last came, and whether it is settled that it does not. */
export function kindEvidence(
  standings: readonly KindStanding[],
  absentKinds: readonly EvidenceKind[],
): KindEvidence[] {
  return evidenceKinds.map(kind => {
    const standing = standings.find(each => each.kind === kind)
    return {
      kind,
      lastSuccessAt: standing?.lastSuccessAt ?? null,
      isSettledUnavailable: absentKinds.includes(kind) || (standing !== undefined && isSettled(standing)),
    }
  })
}

/** Whether it is said for good that the kind does not come: no licence. */
export function isSettled(standing: Omit<KindStanding, 'kind'>): boolean {
  if (standing.outcome !== 'unavailable') return false
  const reason = unavailableReasonNamed(standing.reason)
  const { lastSuccessAt, licenceAnswers } = standing
  return isSettledAsUnlicensed(reason, { hasEverSucceeded: lastSuccessAt !== null, licenceAnswers })
}
