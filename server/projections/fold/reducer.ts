import type { RecordedEvent } from '../../ledger/recorded-event.ts'
import type { Range } from './rows.ts'

/** What one event does to the rows of one subject. */
export interface Change<Row> {
  /** Whose rows: the parts of their key that come before where a row begins. */
  readonly subject: readonly string[]
  /** The rows to write by their key, given the subject's newest one: it, changed, and the one that follows it. */
  rows(newest: Row | undefined): readonly Row[]
}

/** A projection as a pure fold. */
export interface Reducer<Row> {
  /** Null where the event means nothing to this projection. */
  change(event: RecordedEvent): Change<Row> | null
  /** The subject of a row: the same parts that its changes name. */
  subjectOf(row: Row): readonly string[]
  /** Where a row begins, the last part of its key: a position, or an instant in milliseconds. */
  beginOf(row: Row): number
}

/** The subject's open row, ended at the position, and the one that holds from there on; null where none does. */
export function succeeded<Row extends Range>(
  newest: Row | undefined,
  position: number,
  next: (open: Row | undefined) => Row | null,
): readonly Row[] {
  const open = newest?.toPosition === null ? newest : undefined
  const begun = next(open)
  return [...(open ? [{ ...open, toPosition: position }] : []), ...(begun ? [begun] : [])]
}

/** The open row, ended at the event and followed by one that differs in what the event changed; nothing without one. */
export function amended<Row extends Range>(
  newest: Row | undefined,
  position: number,
  differing: (open: Row) => Partial<Row>,
): readonly Row[] {
  if (newest?.toPosition !== null) return []
  return succeeded(newest, position, () => ({
    ...newest,
    ...differing(newest),
    fromPosition: position,
    toPosition: null,
  }))
}
