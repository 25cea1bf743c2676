const hour = 3_600_000

/** Late arrivals: the source may show an event up to this long after it happened. */
export const overlap = 2 * hour

/** How far back the source keeps its feed, and how far a first or daily whole read reaches. */
export const wholeWindow = 30 * 24 * hour

/**
 * The window `[from, to)` a feed is read in: from the last covered end minus the overlap; the first time, after a gap
 * longer than the source keeps, and once a day the whole window, so that outcomes of older events are seen.
 */
export function nextFeedWindow(options: { coveredTo: Date | null; wholeReadAt: Date | null; now: Date }): {
  from: Date
  to: Date
  isWhole: boolean
} {
  const { coveredTo, wholeReadAt, now } = options
  const start = now.getTime() - wholeWindow
  const isWhole =
    coveredTo === null ||
    coveredTo.getTime() <= start ||
    wholeReadAt === null ||
    now.getTime() - wholeReadAt.getTime() >= 24 * hour
  const from = isWhole || coveredTo === null ? start : Math.min(coveredTo.getTime(), now.getTime()) - overlap
  return { from: new Date(Math.max(from, start)), to: now, isWhole }
}
