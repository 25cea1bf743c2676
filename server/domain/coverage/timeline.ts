import { evidenceKind } from '../evidence/kinds.ts'
import { coverage } from './coverage.ts'
import { type CoverageHistory, historyReader } from './history.ts'

export interface Breakpoint {
  readonly at: Date
  /** Percent from this instant until the next breakpoint. */
  readonly value: number
}

/**
 * Coverage over a stretch of time as a step function: the first breakpoint is at `from`, each later one where the
 * value becomes another, up to and with `to`. It is computed at every instant at which anything could change, by the
 * same function that answers a single instant.
 */
export function coverageTimeline(input: CoverageHistory & Stretch): Breakpoint[] {
  const knownAt = historyReader(input)
  const breakpoints: Breakpoint[] = []
  for (const at of changeInstants(input)) {
    const value = coverage(knownAt(at)).percent
    if (breakpoints.at(-1)?.value !== value) breakpoints.push({ at, value })
  }
  return breakpoints
}

export interface Stretch {
  readonly from: Date
  readonly to: Date
}

/** `from`, and every later instant up to and with `to` at which anything that is known could change. */
export function changeInstants({ from, to, ...history }: CoverageHistory & Stretch): Date[] {
  const ranges = [...history.sources, ...history.verdictRanges, ...history.settledUnavailable]
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
