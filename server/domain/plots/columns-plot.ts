import { scaleLinear } from 'd3-scale'
import { anchorAt, round, type TimeTick, timeAxis, timeTicks } from './axis.ts'

/** Geometry of counts per period, stacked by part: x and width in percent of the width, y and height in pixels. */
export interface ColumnsPlot<Part extends string = string> {
  height: number
  from: Date
  to: Date
  parts: Part[]
  gridLines: { y: number; label: string }[]
  ticks: TimeTick[]
  columns: { x: number; width: number; at: Date; total: number; pieces: ColumnPiece<Part>[] }[]
}

export interface ColumnPiece<Part extends string = string> {
  part: Part
  value: number
  y: number
  height: number
}

export interface ColumnsPlotInput<Part extends string> {
  /** Bottom part first. */
  parts: Part[]
  /** Columns of equal length that follow one another. */
  columns: { at: Date; values: Partial<Record<Part, number>> }[]
  from: Date
  to: Date
  height?: number
}

const gapShare = 0.2

/**
 * Stacks counts per period, for example risky sign-ins per day by level.
 * @throws {RangeError} when the interval is empty.
 */
export function columnsPlot<Part extends string>(input: ColumnsPlotInput<Part>): ColumnsPlot<Part> {
  const { parts, columns, from, to, height = 140 } = input
  const x = timeAxis(from, to)
  const highest = Math.max(1, ...columns.map(column => total(parts, column.values)))
  const scale = scaleLinear().domain([0, highest]).nice(4).range([height, 0])
  const slot = 100 / Math.max(1, columns.length)
  const width = round(slot * (1 - gapShare))
  return {
    height,
    from,
    to,
    parts,
    gridLines: scale
      .ticks(4)
      .filter(Number.isInteger)
      .map(value => ({ y: round(scale(value)), label: String(value) })),
    ticks: timeTicks(from, to).map(tick => ({ ...tick, anchor: anchorAt(tick.x) })),
    columns: columns.map(column => ({
      x: round(Math.min(x(column.at), 100 - width)),
      width,
      at: column.at,
      total: total(parts, column.values),
      pieces: pieces(parts, column.values, scale),
    })),
  }
}

function pieces<Part extends string>(
  parts: Part[],
  values: Partial<Record<Part, number>>,
  scale: (value: number) => number,
): ColumnPiece<Part>[] {
  let below = 0
  let floor = round(scale(0))
  return parts.flatMap(part => {
    const value = Math.max(0, values[part] ?? 0)
    if (value === 0) return []
    const y = round(scale(below + value))
    const height = round(floor - y)
    below += value
    floor = y
    return [{ part, value, y, height }]
  })
}

function total<Part extends string>(parts: Part[], values: Partial<Record<Part, number>>): number {
  return parts.reduce((sum, part) => sum + Math.max(0, values[part] ?? 0), 0)
}
