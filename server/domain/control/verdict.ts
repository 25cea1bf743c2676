import type { Judgement, Population, Reason, Verdict } from './judgement.ts'

const worstFirst: readonly Verdict[] = ['fail', 'no_data', 'not_testable', 'pass']

/** Fail, then no_data, then not_testable, then pass. Of nothing at all nothing is known. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return worstFirst.find(verdict => verdicts.includes(verdict)) ?? 'no_data'
}

/** What was recorded, with its coming changes by time alone. */
export interface TimedVerdict {
  readonly verdict: Verdict
  readonly reasons: readonly Reason[]
  readonly changes: readonly {
    readonly at: Date
    readonly verdict: Verdict
    readonly reasons: readonly Reason[]
  }[]
}

/** What a recorded verdict says at an instant: itself, or the last of its changes whose time has come. */
export function verdictAt(
  recorded: TimedVerdict,
  at: Date,
): { verdict: Verdict; reasons: readonly Reason[] } {
  const due = recorded.changes.filter(change => change.at <= at)
  const last = due.reduce<(typeof due)[number] | null>(
    (latest, change) => (latest === null || change.at >= latest.at ? change : latest),
    null,
  )
  return last ?? { verdict: recorded.verdict, reasons: recorded.reasons }
}

/** The worst of the reasons, advice aside, in the order in which they should be read. */
export function judgementOf(
  reasons: readonly Reason[],
  population: Population,
  changes: Judgement['changes'] = [],
): Judgement {
  const sorted = inReadingOrder(reasons)
  return { verdict: verdictOf(sorted), reasons: sorted, population, changes }
}

/** The verdict that reasons amount to. */
export function verdictOf(reasons: readonly Reason[]): Verdict {
  return worstVerdict(reasons.flatMap(reason => (reason.verdict === 'advice' ? [] : [reason.verdict])))
}

/** Worst first, advice last; otherwise as given. */
export function inReadingOrder(reasons: readonly Reason[]): Reason[] {
  const rank = (reason: Reason) =>
    reason.verdict === 'advice' ? worstFirst.length : worstFirst.indexOf(reason.verdict)
  return [...reasons].sort((one, other) => rank(one) - rank(other))
}
