import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  coveredSpans,
  coveredWindow,
  nextFeedWindow,
  overlap,
  shortestWhole,
  type Window,
  wholeWindow,
} from '../../server/domain/run/feed-window.ts'
import { testLaw } from '../support/law.ts'

const hour = 3_600_000
const day = 24 * hour
const noon = new Date('2026-03-02T12:00:00Z')
const at = (milliseconds: number) => new Date(noon.getTime() + milliseconds)
const lengthOf = ({ from, to }: Window) => to.getTime() - from.getTime()
const isWhole = (window: Window) => lengthOf(window) >= shortestWhole

/** The windows that reads in this order would record, each by what our clock says and what the source's does. */
function read(windows: Window[], now: Date, sourceTime: Date = now): Window | null {
  const asked = nextFeedWindow({
    lastRead: windows.at(-1) ?? null,
    lastWhole: windows.findLast(isWhole) ?? null,
    now,
  })
  const covered = coveredWindow(asked, sourceTime)
  if (covered) windows.push(covered)
  return covered
}

describe('the next window', () => {
  test('reaches back for as long as the source keeps its feed, the first time and after a longer silence', () => {
    const windows: Window[] = []
    expect(read(windows, noon)).toEqual({ from: at(-wholeWindow), to: noon })
    expect(read(windows, at(31 * day))).toEqual({ from: at(day), to: at(31 * day) })
  })

  test('begins before the end of the last one, by how late an event may arrive', () => {
    const windows: Window[] = []
    read(windows, noon)
    expect(read(windows, at(hour))).toEqual({ from: at(-overlap), to: at(hour) })
    expect(read(windows, at(8 * hour))).toEqual({ from: at(hour - overlap), to: at(8 * hour) })
  })

  test('is whole once a day, at the hourly run that is nearest to a day after the last', () => {
    const windows: Window[] = []
    const jitter = [0, -90_000, 40_000, -20_000, 70_000]
    const wholeReads = Array.from({ length: 97 }, (_, index) => index).filter(index => {
      const window = read(windows, at(index * hour + (jitter[index % jitter.length] ?? 0)))
      return window && isWhole(window)
    })
    expect(wholeReads).toEqual([0, 24, 48, 72, 96])
  })

  test('does not trust an end that lies ahead of a clock which was set back', () => {
    // Read by a clock five hours ahead, from a source that does not say what time it is.
    const ahead: Window[] = [
      { from: at(-wholeWindow), to: noon },
      { from: at(-overlap), to: at(5 * hour) },
    ]
    expect(read(ahead, at(hour))).toEqual({ from: at(hour - overlap), to: at(hour) })
    expect(read(ahead, at(9 * hour))).toEqual({ from: at(hour - overlap), to: at(9 * hour) })
  })

  test('reads whole again when the last whole read seems to lie ahead', () => {
    const windows = [{ from: at(10 * day - wholeWindow), to: at(10 * day) }]
    expect(read(windows, noon)).toEqual({ from: at(-wholeWindow), to: noon })
  })

  test('covers nothing behind the source’s own time', () => {
    const windows: Window[] = []
    read(windows, noon)
    expect(read(windows, at(5 * hour), at(hour))).toEqual({ from: at(-overlap), to: at(hour) })
    expect(read(windows, at(2 * hour), at(2 * hour + 20_000))).toEqual({
      from: at(hour - overlap),
      to: at(2 * hour),
    })
    expect(read(windows, at(40 * day), at(3 * hour))).toBeNull()
  })
})

test('covered spans are every instant of some window and no other, and neither touch nor overlap', () => {
  const window = fc
    .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 12 }))
    .map(([from, length]) => ({ from: at(from * hour), to: at((from + length) * hour) }))
  fc.assert(
    fc.property(fc.array(window, { maxLength: 20 }), windows => {
      const spans = coveredSpans(windows)
      const isIn = (list: readonly Window[], instant: Date) =>
        list.some(({ from, to }) => from <= instant && instant < to)
      for (let half = -1; half < 150; half += 1) {
        const instant = at((half * hour) / 2)
        expect(isIn(spans, instant)).toBe(isIn(windows, instant))
      }
      for (const [index, span] of spans.entries()) {
        const next = spans[index + 1]
        if (next) expect(next.from.getTime()).toBeGreaterThan(span.to.getTime())
      }
    }),
  )
})

/** A sign-in: when it happened, when the source begins to show it, and when its outcome changed. */
interface Event {
  readonly at: number
  readonly shownAt: number
  readonly settledAt: number
}

/** One step of a schedule: time that passes, a clock that jumps, a run that reads the feed or fails. */
interface Step {
  readonly passes: number
  readonly jumps: number
  readonly reads: boolean
}

const steps = fc.array(
  fc.record({
    passes: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 55 * 60_000, max: 65 * 60_000 }) },
      { weight: 1, arbitrary: fc.integer({ min: 60_000, max: 60 * hour }) },
      { weight: 1, arbitrary: fc.integer({ min: 28 * day, max: 32 * day }) },
    ),
    jumps: fc.oneof(
      { weight: 8, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: -4 * day, max: 4 * day }) },
      { weight: 1, arbitrary: fc.integer({ min: -40 * day, max: 40 * day }) },
    ),
    reads: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
  }),
  { minLength: 1, maxLength: 60 },
)
/** Events gather around the steps of the schedule, for what is lost is lost there. */
const seeds = fc.array(
  fc.record({
    step: fc.nat({ max: 60 }),
    after: fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: -3 * hour, max: hour }) },
      fc.integer({ min: -10 * day, max: 10 * day }),
    ),
    late: fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 0, max: overlap }) },
      { weight: 3, arbitrary: fc.integer({ min: overlap - 120_000, max: overlap }) },
      { weight: 1, arbitrary: fc.integer({ min: overlap, max: 5 * day }) },
    ),
    settles: fc.integer({ min: 0, max: 3 * day }),
  }),
  { maxLength: 80 },
)
type Seed = typeof seeds extends fc.Arbitrary<(infer Each)[]> ? Each : never

/** Plays a schedule against a source that keeps its feed for 30 days; what is held is the latest outcome seen. */
function play(schedule: readonly Step[], seedsOfEvents: readonly Seed[]) {
  let passed = noon.getTime()
  const times = schedule.map(({ passes }) => {
    passed += passes
    return passed
  })
  const events: Event[] = seedsOfEvents.map(({ step, after, late, settles }) => {
    const happened = (times[step % times.length] ?? passed) + after
    return { at: happened, shownAt: happened + late, settledAt: happened + settles }
  })
  const windows: Window[] = []
  const held = new Map<Event, boolean>()
  let time = noon.getTime()
  let offset = 0
  /** How far back the read that reached back least could have gone, by our clock. */
  let reach = Number.NEGATIVE_INFINITY
  const listed = (now: number) =>
    events.filter(event => event.at >= now - wholeWindow && event.at <= now && event.shownAt <= now)

  const step = ({ passes, jumps, reads }: Step) => {
    time += passes
    offset += jumps
    // Answers are dated to the second.
    const sourceTime = new Date(Math.floor(time / 1000) * 1000)
    const covered = reads ? read(windows, new Date(time + offset), sourceTime) : null
    if (!covered) return
    reach = Math.max(reach, time + offset - wholeWindow)
    for (const event of listed(time)) {
      if (event.at >= covered.from.getTime() && event.at < covered.to.getTime()) {
        held.set(event, event.settledAt <= time)
      }
    }
  }
  for (const each of schedule) step(each)
  const isCovered = (event: Event) =>
    coveredSpans(windows).some(({ from, to }) => event.at >= from.getTime() && event.at < to.getTime())
  return {
    windows,
    held,
    step,
    now: () => time,
    offset: () => offset,
    listedAndCovered: () => listed(time).filter(isCovered),
    reach: () => reach,
    wasShownInTime: (event: Event) => event.shownAt - event.at <= overlap,
  }
}

describe('over any schedule of runs, failures, outages and clocks that jump', () => {
  testLaw(
    'no event of a covered span is missed that arrived as late as a source may be',
    fc.property(steps, seeds, (schedule, events) => {
      const { windows, held, reach, listedAndCovered, wasShownInTime } = play(schedule, events)
      // What is younger may still come; what is older was out of reach before it came.
      const end = (windows.at(-1)?.to.getTime() ?? 0) - overlap
      for (const event of listedAndCovered()) {
        if (wasShownInTime(event) && event.at < end && event.at >= reach()) {
          expect(held.has(event)).toBe(true)
        }
      }
    }),
    { runs: 1_500, seconds: 60 },
  )

  testLaw(
    'after the daily whole read every listed event of a covered span is held, with its latest outcome',
    fc.property(steps, seeds, (schedule, events) => {
      const { held, step, now, offset, listedAndCovered } = play(schedule, events)
      step({ passes: day + hour, jumps: -offset(), reads: true })
      for (const event of listedAndCovered()) expect(held.get(event)).toBe(event.settledAt <= now())
    }),
    { runs: 1_500, seconds: 60 },
  )

  testLaw(
    'nothing is said to be covered that had not happened yet',
    fc.property(steps, schedule => {
      const { windows, now } = play(schedule, [])
      for (const { from, to } of windows) {
        expect(to.getTime()).toBeLessThanOrEqual(now())
        expect(from.getTime()).toBeLessThan(to.getTime())
      }
    }),
    { runs: 200, seconds: 60 },
  )
})
