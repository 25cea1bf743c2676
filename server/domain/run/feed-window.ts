const hour = 3_600_000
const day = 24 * hour

/** Half-open: `from <= at < to`. */
export interface Window {
  readonly from: Date
  readonly to: Date
}

/** Late arrivals: the source may show an event up to this long after it happened. */
export const overlap = 2 * hour

/** How far back the source keeps its feed, and how far a first or daily whole read reaches. */
export const wholeWindow = 30 * day

/** From this length on a window counts as a whole one. */
export const shortestWhole = wholeWindow - day

/** Runs come hourly and a little early or late: at the one that is nearest to a day. */
const wholeEvery = day - hour / 2

/**
 * The window a feed is asked for: from the last covered end minus the overlap; the first time, after a gap longer than
 * the source keeps, and once a day the whole window, so that outcomes of older events are seen.
 *
 * What counts is the window that was read last, not the one that reaches furthest: where a clock was ahead and has
 * been set back, an end that lies beyond the present covers nothing.
 * @param lastRead the window that was read last
 * @param lastWhole the last one of them that was whole
 */
export function nextFeedWindow(options: {
  lastRead: Window | null
  lastWhole: Window | null
  now: Date
}): Window {
  const { lastRead, lastWhole, now } = options
  const start = new Date(now.getTime() - wholeWindow)
  if (!lastRead || !lastWhole || isWholeDue(lastWhole.to, now)) return { from: start, to: now }
  const resumed = new Date(Math.min(lastRead.to.getTime(), now.getTime()) - overlap)
  return { from: resumed > start ? resumed : start, to: now }
}

/**
 * What a read of `asked` covers: nothing behind the source's own time, which may be behind ours. Null where that
 * leaves nothing.
 */
export function coveredWindow(asked: Window, sourceTime: Date | null): Window | null {
  const to = sourceTime !== null && sourceTime < asked.to ? sourceTime : asked.to
  return to > asked.from ? { from: asked.from, to } : null
}

/** Every instant that some window covers, as spans that neither touch nor overlap, in order of time. */
export function coveredSpans(windows: readonly Window[]): Window[] {
  const spans: Window[] = []
  for (const { from, to } of windows.toSorted((a, b) => a.from.getTime() - b.from.getTime())) {
    const last = spans.at(-1)
    if (!last || from > last.to) spans.push({ from, to })
    else if (to > last.to) spans[spans.length - 1] = { from: last.from, to }
  }
  return spans
}

/** A whole read that seems to lie ahead was dated by a clock that was wrong. */
function isWholeDue(lastWholeTo: Date, now: Date): boolean {
  const age = now.getTime() - lastWholeTo.getTime()
  return age >= wholeEvery || age < -overlap
}
