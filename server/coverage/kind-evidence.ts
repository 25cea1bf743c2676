import type { kindStatus } from '../../db/schema/state.ts'
import type { KindEvidence } from '../domain/coverage/freshness.ts'
import { type EvidenceKind, evidenceKinds, unavailableReasonNamed } from '../domain/evidence/kinds.ts'
import { isSettledAsUnlicensed } from '../domain/run/outcome.ts'

export type KindStatusRow = typeof kindStatus.$inferSelect

/** Every kind of a source: when it last came, and whether it is settled that it does not. */
export function kindEvidence(
  statuses: readonly KindStatusRow[],
  absentKinds: readonly EvidenceKind[],
): KindEvidence[] {
  return evidenceKinds.map(kind => {
    const status = statuses.find(row => row.kind === kind)
    return {
      kind,
      lastSuccessAt: status?.lastSuccessAt ?? null,
      isSettledUnavailable: absentKinds.includes(kind) || (status !== undefined && isSettled(status)),
    }
  })
}

/** Whether a row says for good that the kind does not come: no licence. */
export function isSettled(
  status: Pick<KindStatusRow, 'outcome' | 'reason' | 'lastSuccessAt' | 'licenceAnswers'>,
): boolean {
  if (status.outcome !== 'unavailable') return false
  const reason = unavailableReasonNamed(status.reason)
  const { lastSuccessAt, licenceAnswers } = status
  return isSettledAsUnlicensed(reason, { hasEverSucceeded: lastSuccessAt !== null, licenceAnswers })
}
