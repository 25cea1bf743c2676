import type { Cadence } from '../evidence/kinds.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/**
 * When a connection's next run of a cadence is due.
 * - Hourly at the connection's own minute, so that connections spread over the hour; never sooner than half an hour
 *   after the run before.
 * - Daily at its own minute of the day; never sooner than two hours after a success. A daily run that did not succeed
 *   is tried again within the hour: a day later its evidence would be stale.
 * @param spread anything steady per connection, in minutes
 */
export function nextRun(cadence: Cadence, after: Date, spread: number, hasSucceeded: boolean): Date {
  return cadence === 'daily' && hasSucceeded
    ? slotAfter(after, restAfterDaily, day, spread)
    : slotAfter(after, restAfterHourly, hour, spread)
}

export const restAfterHourly = 30 * minute
export const restAfterDaily = 2 * hour

/** How far ahead a run can be due; one that is due later was scheduled by a clock that has been set back since. */
export const furthestAhead: Readonly<Record<Cadence, number>> = {
  hourly: restAfterHourly + hour,
  daily: restAfterDaily + day,
}

/** The first slot of the period that is no sooner than the rest. */
function slotAfter(after: Date, rest: number, period: number, spread: number): Date {
  const earliest = after.getTime() + rest
  const offset = (spread * minute) % period
  const slot = Math.floor(earliest / period) * period + offset
  return new Date(slot >= earliest ? slot : slot + period)
}
