import { scaleUtc } from 'd3-scale'

/** A mark on the time axis. `x` is a percentage of the plot's width, `label` is in UTC. */
export interface TimeTick {
  x: number
  label: string
  anchor: 'start' | 'middle' | 'end'
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const hourLength = 3_600_000
const dayLength = 24 * hourLength

/**
 * Instants to 0–100, held inside the interval.
 * @throws {RangeError} when the interval is empty or runs backwards.
 */
export function timeAxis(from: Date, to: Date): (at: Date) => number {
  if (!(to.getTime() > from.getTime()))
    throw new RangeError('A plot needs an interval that ends after it starts')
  const scale = scaleUtc().domain([from, to]).range([0, 100]).clamp(true)
  return at => round(scale(at))
}

/** About `count` round instants in the interval with UTC labels that fit its length. */
export function timeTicks(from: Date, to: Date, count = 5): TimeTick[] {
  const x = timeAxis(from, to)
  const label = labelFor(to.getTime() - from.getTime())
  const ticks = scaleUtc()
    .domain([from, to])
    .ticks(count)
    .map(at => ({ x: x(at), label: label(at), anchor: anchorAt(x(at)) }))
    // Half days have the name of their day: said once.
    .filter((tick, index, all) => tick.label !== all[index - 1]?.label)
  return apart(ticks.length > mostTicks ? ticks.filter((_, index) => index % 2 === 0) : ticks)
}

/** More labels than this run into each other on a phone. */
const mostTicks = 6
/** What a label takes there, with the room before the next: a percentage of the plot's width. */
const labelWidth = 14

/** Without labels that would touch another: those at the edges stand beside their marks, and go first. */
function apart(ticks: readonly TimeTick[]): TimeTick[] {
  const fromOf = ({ x, anchor }: TimeTick) =>
    x - { start: 0, middle: labelWidth / 2, end: labelWidth }[anchor]
  const touch = (tick: TimeTick, next: TimeTick | undefined) =>
    next !== undefined && fromOf(next) < fromOf(tick) + labelWidth
  const kept: TimeTick[] = []
  for (const [index, tick] of ticks.entries()) {
    if (tick.anchor === 'start' && touch(tick, ticks[index + 1])) continue
    const before = kept.at(-1)
    if (before === undefined || !touch(before, tick)) kept.push(tick)
  }
  return kept
}

/** Which way a label at `x` must run so that it stays inside the frame. */
export function anchorAt(x: number): 'start' | 'middle' | 'end' {
  if (x < 6) return 'start'
  return x > 94 ? 'end' : 'middle'
}

export function dayLabel(at: Date): string {
  return `${weekdays[at.getUTCDay()]} ${at.getUTCDate()}`
}

/** Two decimals: a hundredth of a percent is far below a pixel, and paths stay short. */
export function round(value: number): number {
  return Math.round(value * 100) / 100
}

function labelFor(span: number): (at: Date) => string {
  if (span <= 2 * dayLength) return at => `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`
  if (span <= 400 * dayLength) return at => `${at.getUTCDate()} ${months[at.getUTCMonth()]}`
  return at => `${months[at.getUTCMonth()]} ${at.getUTCFullYear()}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
