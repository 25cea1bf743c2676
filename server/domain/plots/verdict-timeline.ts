import { round, type TimeTick, timeAxis, timeTicks } from './axis.ts'

/** Geometry of a control's verdicts over time: segments in percent of the width that cover the whole interval. */
export interface VerdictTimeline<State extends string = string> {
  from: Date
  to: Date
  ticks: TimeTick[]
  segments: VerdictSegment<State>[]
}

export interface VerdictSegment<State extends string = string> {
  x: number
  width: number
  state: State | 'none'
  from: Date
  to: Date
}

export interface VerdictTimelineInput<State extends string> {
  /** From `at` on the state is `state`. Before the first change it is `none`. */
  changes: { at: Date; state: State }[]
  from: Date
  to: Date
  /** Nothing is known after this instant: `none` from there on. */
  knownUntil?: Date
}

/**
 * Lays verdicts side by side.
 * @throws {RangeError} when the interval is empty.
 */
export function verdictTimeline<State extends string>(
  input: VerdictTimelineInput<State>,
): VerdictTimeline<State> {
  const { from, to } = input
  const x = timeAxis(from, to)
  const changes = changesWithin(input)
  const segments = changes.map((change, index): VerdictSegment<State> => {
    const until = changes[index + 1]?.at ?? to
    return {
      x: x(change.at),
      width: round(x(until) - x(change.at)),
      state: change.state,
      from: change.at,
      to: until,
    }
  })
  return { from, to, ticks: timeTicks(from, to), segments }
}

function changesWithin<State extends string>({ changes, from, to, knownUntil }: VerdictTimelineInput<State>) {
  const sorted = changes.toSorted((one, other) => one.at.getTime() - other.at.getTime())
  const opening: State | 'none' = sorted.findLast(change => change.at <= from)?.state ?? 'none'
  const end = knownUntil && knownUntil < to ? knownUntil : to
  const all: { at: Date; state: State | 'none' }[] = [{ at: from, state: end > from ? opening : 'none' }]
  for (const change of sorted) {
    if (change.at > from && change.at < end) all.push(change)
  }
  if (end < to && end > from) all.push({ at: end, state: 'none' })
  return all.filter((change, index) => change.state !== all[index - 1]?.state)
}
