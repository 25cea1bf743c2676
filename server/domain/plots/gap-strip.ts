import { dayLabel, round, type TimeTick } from './axis.ts'

/** What is known of an hour of an evidence kind, in a word or two. */
export const hourWords = {
  collected: 'collected',
  reaffirmed: 'same as before',
  /** Of a feed: not in its hour, but a later read covers it. */
  caught_up: 'read later',
  failed: 'failed',
  missing: 'missing',
  unreadable: 'not readable',
  /** Not asked for: before connecting, or still to come. */
  none: 'not due',
} as const

export type HourState = keyof typeof hourWords

/** Geometry of every hour per evidence kind: x and width in percent of the width, y in pixels. */
export interface GapStrip {
  height: number
  rowHeight: number
  cellHeight: number
  hours: number
  from: Date
  /** Whether lines between the hours would still be seen. */
  isDividedByHour: boolean
  days: { x: number; label: string; anchor: TimeTick['anchor'] }[]
  rows: GapStripRow[]
  words: Record<HourState, string>
}

export interface GapStripRow {
  kind: string
  label: string
  y: number
  cells: GapStripCell[]
  counts: Record<HourState, number>
}

/** Hours that follow on each other in the same state: a page of thousands of single hours is slow to send and to read. */
export interface GapStripCell {
  x: number
  width: number
  state: HourState
  at: Date
  hours: number
}

export interface GapStripInput {
  /** Start of the first hour. */
  from: Date
  hours: number
  /** One state per hour from `from` on; hours that are left out are `none`. */
  rows: { kind: string; label: string; states: HourState[] }[]
}

const hourLength = 3_600_000
const rowHeight = 24
const cellHeight = 15
const axisHeight = 22
const mostSingleHours = 240
const gapShare = 0.18

/**
 * Lays out the strip in which every hour is accounted for.
 * @throws {RangeError} when `hours` is not a positive whole number.
 */
export function gapStrip({ from, hours, rows }: GapStripInput): GapStrip {
  if (!Number.isInteger(hours) || hours < 1) throw new RangeError('A gap strip needs at least one hour')
  return {
    height: axisHeight + rows.length * rowHeight,
    rowHeight,
    cellHeight,
    hours,
    from,
    isDividedByHour: hours <= mostSingleHours,
    days: days(from, hours),
    rows: rows.map((row, index) => ({
      kind: row.kind,
      label: row.label,
      y: axisHeight + index * rowHeight,
      cells: cells(from, hours, row.states),
      counts: countStates(hours, row.states),
    })),
    words: hourWords,
  }
}

function cells(from: Date, hours: number, states: HourState[]): GapStripCell[] {
  const column = 100 / hours
  const result: { start: number; length: number; state: HourState }[] = []
  for (let hour = 0; hour < hours; hour++) {
    const state = states[hour] ?? 'none'
    const last = result.at(-1)
    if (last?.state === state) last.length++
    else result.push({ start: hour, length: 1, state })
  }
  return result.map(({ start, length, state }) => ({
    x: round(start * column),
    width: round(length * column - column * gapShare),
    state,
    at: new Date(from.getTime() + start * hourLength),
    hours: length,
  }))
}

function countStates(hours: number, states: HourState[]): Record<HourState, number> {
  const counts = { collected: 0, reaffirmed: 0, caught_up: 0, failed: 0, missing: 0, unreadable: 0, none: 0 }
  for (let hour = 0; hour < hours; hour++) counts[states[hour] ?? 'none']++
  return counts
}

/**
 * A label where a UTC day begins, thinned out so that labels never touch; the first column is labelled unless the next day
 * follows at once. One without room to the right of its line stands to the left of it.
 */
function days(from: Date, hours: number): GapStrip['days'] {
  const every = Math.max(1, Math.ceil(hours / 24 / 8))
  const result: GapStrip['days'] = []
  let day = 0
  for (let hour = 0; hour < hours; hour++) {
    const at = new Date(from.getTime() + hour * hourLength)
    const isMidnight = at.getUTCHours() === 0
    if (!isMidnight && hour > 0) continue
    const hoursLeftInDay = 24 - at.getUTCHours()
    if (hour === 0 && !isMidnight && hoursLeftInDay < hours / 10) continue
    if (day++ % every !== 0) continue
    const x = round((hour * 100) / hours)
    result.push({ x, label: dayLabel(at), anchor: x > lastWithRoom ? 'end' : 'start' })
  }
  return result
}

/** A label is some 40 of the strip's 700 pixels wide. */
const lastWithRoom = 93
