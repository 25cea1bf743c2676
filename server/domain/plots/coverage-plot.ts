import { area, curveStepAfter, line } from 'd3-shape'
import { anchorAt, round, type TimeTick, timeAxis, timeTicks } from './axis.ts'

/** From `at` on, coverage is `value` (0–100). */
export interface CoverageBreakpoint {
  at: Date
  value: number
}
export interface Outage {
  from: Date
  to: Date
  label: string
}

/** Geometry of coverage over time: x in percent of the width (0–100), y in pixels from the top (0–height). */
export interface CoveragePlot {
  height: number
  from: Date
  to: Date
  line: string
  area: string
  /** Where the curve ends, null when nothing is known in the interval. */
  end: { x: number; y: number; value: number } | null
  gridLines: { y: number; label: string }[]
  ticks: TimeTick[]
  outages: OutageBand[]
  /** The same numbers for the table beside the picture. */
  steps: CoverageBreakpoint[]
}

export interface OutageBand {
  x: number
  width: number
  label: string
  labelX: number
  anchor: 'start' | 'middle' | 'end'
  isLabelled: boolean
  /** Whether there is room for the label on a phone, too. */
  isLabelledOnPhone: boolean
  from: Date
  to: Date
}

export interface CoveragePlotInput {
  breakpoints: CoverageBreakpoint[]
  outages?: Outage[]
  from: Date
  to: Date
  /** The curve ends here although the axis goes on: what a look back could know. */
  knownUntil?: Date
  height?: number
}

const percentPerLetter = 1.6
/** How much wider a letter is, in percent of the width, where the picture is as narrow as a phone. */
const phoneStretch = 1.5
const thinnestBand = 0.4

/**
 * Draws coverage as steps: a value holds until the next breakpoint.
 * @throws {RangeError} when the interval is empty.
 */
export function coveragePlot(input: CoveragePlotInput): CoveragePlot {
  const { from, to, height = 220 } = input
  const x = timeAxis(from, to)
  const y = (value: number) => round(height - (Math.min(100, Math.max(0, value)) / 100) * height)
  const steps = stepsWithin(input)
  const points = steps.map(step => ({ x: x(step.at), y: y(step.value) }))
  const last = steps.at(-1)

  type Point = { x: number; y: number }
  const curve = line<Point>()
    .x(point => point.x)
    .y(point => point.y)
    .curve(curveStepAfter)
    .digits(2)
  const filled = area<Point>()
    .x(point => point.x)
    .y1(point => point.y)
    .y0(height)
    .curve(curveStepAfter)
    .digits(2)

  return {
    height,
    from,
    to,
    line: curve(points) ?? '',
    area: filled(points) ?? '',
    end: last ? { x: x(last.at), y: y(last.value), value: last.value } : null,
    gridLines: [0, 25, 50, 75, 100].map(value => ({ y: y(value), label: String(value) })),
    ticks: timeTicks(from, to),
    outages: bands(input, x),
    steps,
  }
}

/** Breakpoints inside the interval, opened by the value that held before it and closed by the one at its end. */
function stepsWithin({ breakpoints, from, to, knownUntil = to }: CoveragePlotInput): CoverageBreakpoint[] {
  const until = new Date(Math.min(to.getTime(), knownUntil.getTime()))
  const known = breakpoints
    .filter(step => step.at <= until)
    .toSorted((one, other) => one.at.getTime() - other.at.getTime())
  const opening = known.findLast(step => step.at <= from)
  const inside = known.filter(step => step.at > from)
  const steps = opening && until >= from ? [{ at: from, value: opening.value }, ...inside] : inside
  const last = steps.at(-1)
  return last && last.at < until ? [...steps, { at: until, value: last.value }] : steps
}

function bands({ outages = [], from, to }: CoveragePlotInput, x: (at: Date) => number): OutageBand[] {
  let labelledUntil = Number.NEGATIVE_INFINITY
  let labelledOnPhoneUntil = Number.NEGATIVE_INFINITY
  return outages
    .filter(outage => outage.from < to && outage.to > from)
    .toSorted((one, other) => one.from.getTime() - other.from.getTime())
    .map(outage => {
      const width = round(Math.max(thinnestBand, x(outage.to) - x(outage.from)))
      const left = round(Math.min(x(outage.from), 100 - width))
      const middle = round(left + width / 2)
      const half = (outage.label.length * percentPerLetter) / 2
      const anchor = middle < half ? 'start' : middle > 100 - half ? 'end' : anchorAt(middle)
      const labelX = anchor === 'start' ? left : anchor === 'end' ? round(left + width) : middle
      const labelLeft = anchor === 'start' ? labelX : anchor === 'end' ? labelX - 2 * half : labelX - half
      const isLabelled = labelLeft > labelledUntil
      if (isLabelled) labelledUntil = labelLeft + 2 * half
      const overhang = half * (phoneStretch - 1)
      const isLabelledOnPhone = isLabelled && labelLeft - overhang > labelledOnPhoneUntil
      if (isLabelledOnPhone) labelledOnPhoneUntil = labelLeft + 2 * half + overhang
      return {
        x: left,
        width,
        label: outage.label,
        labelX,
        anchor,
        isLabelled,
        isLabelledOnPhone,
        from: outage.from,
        to: outage.to,
      }
    })
}
