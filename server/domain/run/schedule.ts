const minute = 60_000
const hour = 60 * minute

/**
 * When a connection syncs next: hourly at its own minute, so that connections spread over the hour; never sooner than
 * half an hour after the run before.
 * @param spread anything steady per connection, 0 to 59
 */
export function nextSync(after: Date, spread: number): Date {
  const earliest = after.getTime() + 30 * minute
  const slot = Math.floor(earliest / hour) * hour + (spread % 60) * minute
  return new Date(slot >= earliest ? slot : slot + hour)
}
