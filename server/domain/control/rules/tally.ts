import { maximumNamedSubjects } from '../judgement.ts'
import { byCodeUnit } from '../reason.ts'

/** How many subjects met one outcome, and the smallest keys among them: the same ones in whatever order they came. */
export interface Tally {
  count: number
  /** Sorted, at most {@link maximumNamedSubjects}. */
  subjects: string[]
}

export type Tallies<Outcome extends string> = Map<Outcome, Tally>

/** Counts one subject in place. */
export function addSubject<Outcome extends string>(
  tallies: Tallies<Outcome>,
  outcome: Outcome,
  subject: string,
): void {
  const tally = tallies.get(outcome) ?? { count: 0, subjects: [] }
  tallies.set(outcome, tally)
  tally.count += 1
  insertSmallest(tally.subjects, subject)
}

/** Both together, as new tallies. */
export function mergeTallies<Outcome extends string>(
  one: Tallies<Outcome>,
  other: Tallies<Outcome>,
): Tallies<Outcome> {
  const merged: Tallies<Outcome> = new Map()
  for (const [outcome, tally] of [...one, ...other]) {
    const before = merged.get(outcome) ?? { count: 0, subjects: [] }
    const subjects = [...before.subjects, ...tally.subjects].sort(byCodeUnit).slice(0, maximumNamedSubjects)
    merged.set(outcome, { count: before.count + tally.count, subjects })
  }
  return merged
}

function insertSmallest(sorted: string[], subject: string): void {
  const largest = sorted.at(-1)
  const isFull = sorted.length >= maximumNamedSubjects
  if (isFull && largest !== undefined && subject >= largest) return
  const index = sorted.findIndex(known => known > subject)
  sorted.splice(index === -1 ? sorted.length : index, 0, subject)
  if (sorted.length > maximumNamedSubjects) sorted.pop()
}
