import { evidenceKind } from '../evidence/kinds.ts'
import { type CoverageShare, coverageParts, coverageShare } from './coverage.ts'
import { type CoverageHistory, historyReader } from './history.ts'

export interface Breakpoint {
  readonly at: Date
  /** Percent from this instant until the next breakpoint. */
  readonly value: number
}

/** Coverage from an instant on, with its parts. */
export interface CoverageStep extends CoverageShare {
  readonly at: Date
}

/**
 * Coverage over a stretch of time as a step function: the first breakpoint is at `from`, each later one where the
 * value becomes another, up to and with `to`.
 */
export function coverageTimeline(input: CoverageHistory & Stretch): Breakpoint[] {
  const steps = coverageSteps(input)
  return steps
    .filter((step, index) => step.percent !== steps[index - 1]?.percent)
    .map(({ at, percent }) => ({ at, value: percent }))
}

/**
 * The same with its parts: a step at `from` and wherever a part becomes another. It is computed at every instant at which
 * anything could change, by the same functions that answer a single instant.
 */
export function coverageSteps(input: CoverageHistory & Stretch): CoverageStep[] {
  const knownAt = historyReader(input)
  const steps: CoverageStep[] = []
  for (const at of changeInstants(input)) {
    const { percent, parts } = coverageShare(knownAt(at))
    const last = steps.at(-1)
    if (!last || !isSameShare(last, { percent, parts })) steps.push({ at, percent, parts })
  }
  return steps
}

/** Whether two shares are made of the same parts. */
export const isSameShare = (one: CoverageShare, other: CoverageShare): boolean =>
  one.percent === other.percent && coverageParts.every(part => one.parts[part] === other.parts[part])

export interface Stretch {
  readonly from: Date
  readonly to: Date
}

/** `from`, and every later instant up to and with `to` at which anything that is known could change. */
export function changeInstants({ from, to, ...history }: CoverageHistory & Stretch): Date[] {
  const { sources, outOfScope = [], verdictRanges, settledUnavailable } = history
  const ranges = [...sources, ...outOfScope, ...verdictRanges, ...settledUnavailable]
  const instants = [
    ...ranges.flatMap(range => (range.to === null ? [range.from] : [range.from, range.to])),
    ...history.verdictRanges.flatMap(range => range.changes.map(change => change.at)),
  ].map(instant => instant.getTime())
  // Exactly at its threshold evidence still is what it was: it changes with the next millisecond.
  const ageing = history.successChains.flatMap(({ kind, firstAt, lastAt }) => [
    firstAt.getTime(),
    lastAt.getTime() + evidenceKind(kind).staleAfter + 1,
    lastAt.getTime() + evidenceKind(kind).expiredAfter + 1,
  ])
  const within = [...instants, ...ageing].filter(
    instant => instant > from.getTime() && instant <= to.getTime(),
  )
  return [...new Set([from.getTime(), ...within])]
    .sort((one, other) => one - other)
    .map(instant => new Date(instant))
}
