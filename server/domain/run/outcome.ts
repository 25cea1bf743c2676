import type { EvidenceKind, UnavailableReason } from '../evidence/kinds.ts'

/** A licence answer changes the state of a kind that used to work only when it came in this many runs in a row. */
export const licenceAnswersNeeded = 3

/** What one run found of one kind. */
export interface KindResult {
  kind: EvidenceKind
  outcome: 'collected' | 'reaffirmed' | 'unavailable'
  reason: UnavailableReason | null
  items: number | null
}

/** What was known of a kind before the run. */
export interface KindHistory {
  hasEverSucceeded: boolean
  licenceAnswers: number
}

/** Whether a kind is settled as not readable: no run will bring it before something changes at the source. */
export function isSettledAsUnlicensed(reason: UnavailableReason | null, history: KindHistory): boolean {
  return reason === 'licence' && (!history.hasEverSucceeded || history.licenceAnswers >= licenceAnswersNeeded)
}

/**
 * The outcome of a run: succeeded when every kind that was due came or is settled as not licensed; otherwise failed
 * when none came, partly when some did. `histories` already count the present run.
 */
export function outcomeOf(
  results: readonly KindResult[],
  histories: ReadonlyMap<string, KindHistory>,
): 'succeeded' | 'partly' | 'failed' {
  const isComplete = results.every(
    ({ kind, outcome, reason }) =>
      outcome !== 'unavailable' ||
      isSettledAsUnlicensed(reason, histories.get(kind) ?? { hasEverSucceeded: false, licenceAnswers: 1 }),
  )
  if (isComplete) return 'succeeded'
  return results.some(({ outcome }) => outcome !== 'unavailable') ? 'partly' : 'failed'
}
