import type { Reason } from '../judgement.ts'
import {
  hiddenRiskReason,
  type MissingEvidence,
  missingAmong,
  missingEvidenceReason,
} from './missing-evidence.ts'

/** Whether a source shows risk. `unknown` where nothing was collected that would tell. */
export type RiskVisibility = 'visible' | 'hidden' | 'unknown'

/** Why nothing can be said of risk: no licence, hidden levels, or nothing collected yet; nothing where it is visible. */
export function riskUnseen(risk: RiskVisibility, unavailable: readonly MissingEvidence[]): Reason[] {
  const missing = missingAmong(['risky_sign_ins'], unavailable)
  if (missing.length > 0) return missing.map(each => missingEvidenceReason(each))
  if (risk === 'hidden') return [hiddenRiskReason()]
  return risk === 'visible'
    ? []
    : [missingEvidenceReason({ kind: 'risky_sign_ins', reason: 'not_collected' })]
}
