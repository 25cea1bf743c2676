import type { Tallies } from './tally.ts'

/** How many coming instants are looked ahead: every run looks again. */
const maximumInstants = 50

/**
 * Adds to what is to come at an instant (milliseconds). Keeps the next instants only: a later one that was let go can
 * never come back among them.
 */
export function addComing<Outcome extends string>(
  coming: Map<number, Tallies<Outcome>>,
  instant: number,
  add: (tallies: Tallies<Outcome>) => void,
): void {
  const latest = Math.max(...coming.keys())
  if (!coming.has(instant) && coming.size >= maximumInstants) {
    if (instant > latest) return
    coming.delete(latest)
  }
  const tallies: Tallies<Outcome> = coming.get(instant) ?? new Map()
  coming.set(instant, tallies)
  add(tallies)
}
