import type { RecordedEvent } from '../../ledger/recorded-event.ts'
import { type AttachedEvidence, type EvidenceDelta, reduceMembership } from './membership.ts'
import type { Reducer } from './reducer.ts'
import type { MembershipRow } from './rows.ts'

/** The rows of one projection while events are folded into them. */
export interface Book<Row> {
  apply(event: RecordedEvent): void
  /** In the order of their keys. */
  rows(): Row[]
}

/** `keepsPast`: rows that an event ended are kept. */
export function createBook<Row extends object>(reducer: Reducer<Row>, keepsPast: boolean): Book<Row> {
  const subjects = new Map<string, Row[]>()
  return {
    apply(event) {
      const change = reducer.change(event)
      if (!change) return
      const key = change.subject.join(' ')
      write(subjects, key, change.rows, reducer.beginOf, keepsPast)
    },
    rows: () => inKeyOrder(subjects),
  }
}

/** Membership has far more subjects than any other projection: their keys are kept once per population. */
export function createMembershipBook(keepsPast: boolean): Book<MembershipRow> & {
  applyDeltas(event: AttachedEvidence, deltas: Iterable<EvidenceDelta>): void
} {
  const populations = new Map<string, Map<string, MembershipRow[]>>()
  return {
    apply: () => undefined,
    applyDeltas(event, deltas) {
      const { sourceId, kind } = event.payload
      const key = `${sourceId} ${kind}`
      const subjects = populations.get(key) ?? new Map<string, MembershipRow[]>()
      populations.set(key, subjects)
      for (const delta of deltas) {
        const rows = (newest: MembershipRow | undefined) => reduceMembership(newest, event, delta)
        write(subjects, delta.subjectKey, rows, row => row.fromPosition, keepsPast)
      }
    },
    rows: () => [...populations.keys()].sort().flatMap(key => inKeyOrder(populations.get(key) ?? new Map())),
  }
}

function write<Row extends object>(
  subjects: Map<string, Row[]>,
  key: string,
  change: (newest: Row | undefined) => readonly Row[],
  beginOf: (row: Row) => number,
  keepsPast: boolean,
) {
  const known = subjects.get(key) ?? []
  for (const row of change(known.at(-1))) {
    const newest = known.at(-1)
    if (newest && beginOf(newest) === beginOf(row)) known.pop()
    if (keepsPast || !hasEnded(row)) known.push(row)
  }
  if (known.length > 0) subjects.set(key, known)
  else subjects.delete(key)
}

const hasEnded = (row: object) => 'toPosition' in row && row.toPosition !== null

/** Parts of keys are ids and words, joined by what sorts before any letter or digit: the order of the joined is theirs. */
function inKeyOrder<Row>(subjects: ReadonlyMap<string, readonly Row[]>): Row[] {
  return [...subjects.keys()].sort().flatMap(key => subjects.get(key) ?? [])
}
