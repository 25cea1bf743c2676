import { type ControlDecisions, noDecisions } from '../domain/control/decisions.ts'
import type { Catalogue } from '../domain/control/definition.ts'
import type { ExceptionRow, ProjectionRows } from '../projections/fold/rows.ts'

/** The projections that decisions stand in. */
export interface DecisionRows {
  rows<N extends 'threshold' | 'accountClass' | 'administrator' | 'exception'>(
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
  }
}

/** An exception's row as the one fold over exceptions takes it. */
export const recordOf = <R extends ExceptionRow>({ subjectKind, subjectId, ...row }: R) => ({
  ...row,
  subject: { kind: subjectKind, id: subjectId },
})
