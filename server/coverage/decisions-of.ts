import { type ControlDecisions, noDecisions } from '../domain/control/decisions.ts'
import type { Catalogue } from '../domain/control/definition.ts'
import type { ExceptionRow, ProjectionRows, ReviewRow } from '../projections/fold/rows.ts'

/** The projections that decisions stand in. */
export interface DecisionRows {
  rows<N extends 'threshold' | 'accountClass' | 'administrator' | 'exception' | 'review'>(
    name: N,
  ): readonly ProjectionRows[N][]
}

/** What people decided of one source, out of rows that stand: the tables', or those folded from events alone. */
export function decisionsOf(
  { rows }: DecisionRows,
  catalogue: Catalogue,
  sourceId: string,
): ControlDecisions {
  const isOwn = (row: { sourceId: string }) => row.sourceId === sourceId
  const { thresholds, ...none } = noDecisions(catalogue)
  const reviews = (kind: ReviewRow['kind']) => rows('review').filter(row => isOwn(row) && row.kind === kind)
  const doneAt = (kind: ReviewRow['kind']) =>
    new Map(
      reviews(kind)
        .filter(isDone)
        .map(row => [row.subjectId, { at: row.doneAt }]),
    )
  const [guests] = reviews('guests')
  const set = rows('threshold').map(row => [row.thresholdId, row.value] as const)
  return {
    ...none,
    thresholds: new Map([...thresholds, ...set]),
    classes: new Map(
      rows('accountClass')
        .filter(isOwn)
        .map(row => [row.subjectKey, row]),
    ),
    exceptions: rows('exception').filter(isOwn).map(recordOf),
    administrators: new Set(
      rows('administrator')
        .filter(isOwn)
        .map(row => row.subjectKey),
    ),
    acknowledgements: doneAt('policy_change'),
    settlements: doneAt('sign_in'),
    guestReview: guests ? { at: guests.doneAt } : null,
  }
}

/** What was reopened is not seen to. */
const isDone = ({ outcome }: ReviewRow) => outcome !== 'reopened'

/** An exception's row as the one fold over exceptions takes it. */
export const recordOf = <R extends ExceptionRow>({ subjectKind, subjectId, ...row }: R) => ({
  ...row,
  subject: { kind: subjectKind, id: subjectId },
})
