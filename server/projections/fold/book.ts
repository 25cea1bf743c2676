import type { RecordedEvent } from '../../ledger/recorded-event.ts'
import { type AttachedEvidence, type EvidenceDelta, reduceMembership } from './membership.ts'
import { beginOf, type Reducer } from './reducer.ts'
import type { MembershipRow } from './rows.ts'

/** The rows of one projection while events are folded into them. */
export interface Book<Row> {
  apply(event: RecordedEvent): void
  /** In the order of their keys. */
  rows(): Row[]
}

/** `keepsPast`: rows that an event ended are kept. `known`: rows to begin with, the newest of their subjects. */
export function createBook<Row extends object>(
  reducer: Reducer<Row>,
  { keepsPast, known = [] }: { keepsPast: boolean; known?: readonly Row[] },
): Book<Row> {
  const subjects = new Map(known.map(row => [subjectOf(reducer, row), [row]]))
  return {
    apply(event) {
      const change = reducer.change(event)
      if (!change) return
      const key = change.subject.join(' ')
      write(subjects, key, change.rows, { ...reducer, keepsPast })
    },
    rows: () => bySubject(subjects),
  }
}

/** Membership has far more subjects than any other projection: their keys are kept once per population. */
export function createMembershipBook({ keepsPast }: { keepsPast: boolean }): Book<MembershipRow> & {
  applyDeltas(event: AttachedEvidence, deltas: Iterable<EvidenceDelta>): void
} {
  const populations = new Map<string, Map<string, MembershipRow[]>>()
  const options = { keepsPast, begin: 'fromPosition' } as const
  return {
    apply: () => undefined,
    applyDeltas(event, deltas) {
      const { sourceId, kind } = event.payload
      const key = `${sourceId} ${kind}`
      const subjects = populations.get(key) ?? new Map<string, MembershipRow[]>()
      populations.set(key, subjects)
      for (const delta of deltas) {
        const change = (newest: MembershipRow | undefined) => reduceMembership(newest, event, delta)
        write(subjects, delta.subjectKey, change, options)
      }
    },
    rows: () => [...populations.keys()].sort().flatMap(key => bySubject(populations.get(key) ?? new Map())),
  }
}

function write<Row extends object>(
  subjects: Map<string, Row[]>,
  key: string,
  change: (newest: Row | undefined) => readonly Row[],
  options: Pick<Reducer<Row>, 'begin'> & { keepsPast: boolean },
) {
  const rows = subjects.get(key) ?? []
  for (const row of change(rows.at(-1))) {
    const newest = rows.at(-1)
    if (newest && beginOf(newest, options) === beginOf(row, options)) rows.pop()
    if (options.keepsPast || !hasEnded(row)) rows.push(row)
  }
  if (rows.length > 0) subjects.set(key, rows)
  else subjects.delete(key)
}

const hasEnded = (row: object) => 'toPosition' in row && row.toPosition !== null

/** Rows of one projection in the order of their keys. */
export function inKeyOrder<Row>(reducer: Key<Row>, rows: readonly Row[]): Row[] {
  const subjects = new Map<string, Row[]>()
  for (const row of rows) {
    const key = subjectOf(reducer, row)
    subjects.set(key, [...(subjects.get(key) ?? []), row])
  }
  for (const own of subjects.values())
    own.sort((one, other) => beginOf(one, reducer) - beginOf(other, reducer))
  return bySubject(subjects)
}

type Key<Row> = Pick<Reducer<Row>, 'subject' | 'begin'>

const subjectOf = <Row>({ subject }: Key<Row>, row: Row) => subject.map(name => row[name]).join(' ')

/** Parts of keys are ids and words, joined by what sorts before any letter or digit: the order of the joined is theirs. */
function bySubject<Row>(subjects: ReadonlyMap<string, readonly Row[]>): Row[] {
  return [...subjects.keys()].sort().flatMap(key => subjects.get(key) ?? [])
}
