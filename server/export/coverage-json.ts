import type { Coverage } from '../domain/coverage/coverage.ts'
import { canonicalText } from '../ledger/canonical.ts'

/** What coverage is told with in a file. */
export interface CoverageJsonFrame {
  asOf: { instant: Date; position: number }
  catalogueVersion: number
  isSimulated: boolean
}

/** Coverage with its parts, controls and reasons as canonical JSON: what somebody who folds the events comes to as well. */
export const coverageJson = (
  { percent, parts, controls, criteria }: Coverage,
  { asOf, catalogueVersion, isSimulated }: CoverageJsonFrame,
): string =>
  canonicalText({
    asOf: { instant: asOf.instant.toISOString(), position: asOf.position },
    catalogueVersion,
    controls,
    criteria,
    parts,
    percent,
    simulated: isSimulated,
  })
