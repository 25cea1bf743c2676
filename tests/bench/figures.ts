import type { Bench, Comparison } from './bench.ts'

/** One comparison of one bench, as `--json` prints it; a bench without a comparison has one of these all the same. */
export interface Result {
  bench: string
  /** The subject's median. */
  value: number
  unit: string
  /** The side that was compared with, and its median. */
  against: string | null
  baseline: number | null
  ratio: number | null
  goal: number | null
  /** Null where there is no goal. */
  ok: boolean | null
}

/** Every side's figures, one a round. */
export type Figures = Readonly<Record<string, readonly number[]>>

/** The value at a share of the way through the sorted figures; between two it is interpolated. */
export function quantile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((a, b) => a - b)
  const at = share * (sorted.length - 1)
  const low = sorted[Math.floor(at)]
  const high = sorted[Math.ceil(at)]
  if (low === undefined || high === undefined) throw new RangeError('there is no quantile of no figures')
  return low + (high - low) * (at - Math.floor(at))
}

export const median = (figures: readonly number[]): number => quantile(figures, 0.5)

/**
 * Holds a bench's medians to its goals.
 * @throws {RangeError} for a side without figures, or with one that is no positive number: such a run says nothing
 */
export function judge(bench: Bench, figures: Figures): Result[] {
  const value = figureOf(figures, bench.subject)
  const common = { bench: bench.name, value, unit: bench.unit }
  if (bench.comparisons.length === 0) {
    return [{ ...common, against: null, baseline: null, ratio: null, goal: null, ok: null }]
  }
  return bench.comparisons.map(comparison => {
    const { baseline: against, goal } = comparison
    const baseline = against === null ? null : figureOf(figures, against)
    const ratio = baseline === null ? null : ratioOf(comparison, value, baseline)
    return { ...common, against, baseline, ratio, goal, ok: holds(comparison, ratio ?? value) }
  })
}

/** The median of a side's figures. */
function figureOf(figures: Figures, side: string): number {
  const own = figures[side] ?? []
  const wrong = own.find(figure => !(Number.isFinite(figure) && figure > 0))
  if (wrong !== undefined) throw new RangeError(`${side} measured ${wrong}`)
  if (own.length === 0) throw new RangeError(`${side} measured nothing`)
  return median(own)
}

const ratioOf = ({ direction }: Comparison, value: number, baseline: number) =>
  direction === 'times faster' ? baseline / value : value / baseline

const holds = ({ direction, goal }: Comparison, measured: number) =>
  direction === 'at most' ? measured <= goal : measured >= goal
