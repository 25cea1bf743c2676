import type { RecordedEvent } from '../../ledger/recorded-event.ts'
import type { Range } from './rows.ts'

/** What one event does to the rows of one subject. */
export interface Change<Row> {
  /** Whose rows: the parts of their key that come before where a row begins. */
  readonly subject: readonly string[]
  /** The rows to write by their key, given the subject's newest one: it, changed, and the one that follows it. */
  rows(newest: Row | undefined): readonly Row[]
}

/** A projection as a pure fold. The key of its rows is their subject and where they begin. */
export interface Reducer<Row> {
  /** Null where the event means nothing to this projection. */
  change(event: RecordedEvent): Change<Row> | null
  /** The properties that name a row's subject, in the order in which changes name it. */
  readonly subject: readonly (keyof Row & string)[]
  /** The property that says where a row begins: a position or an instant. */
  readonly begin: keyof Row & string
}

/** Where a row begins, as a number that orders the rows of one subject. */
export const beginOf = <Row>(row: Row, { begin }: Pick<Reducer<Row>, 'begin'>): number => Number(row[begin])

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
