import type { EvidenceKind } from '../../domain/evidence/kinds.ts'
import type { FoldedRows } from './fold.ts'
import type { KindStatusRow, ProjectionName, ProjectionRows, Range } from './rows.ts'
import { unfinished } from './run.ts'

/** What stood as of an earlier position, of rows that were kept with their past. */
export function rowsAsOf({ rows }: FoldedRows, position: number): FoldedRows {
  const moment = momentOf(rows('kindStatus'), position)
  return { rows: name => rows(name).flatMap(row => rowAsOf[name](row, moment) ?? []) }
}

/** A position, and when each kind had last succeeded as of it: chains of successes carry instants alone. */
export interface Moment {
  readonly position: number
  lastSuccessAt(sourceId: string, kind: EvidenceKind): Date | null
}

/** `statuses`: those that held as of the position; others are passed over. */
export function momentOf(statuses: Iterable<KindStatusRow>, position: number): Moment {
  const lastSuccesses = new Map<string, Date | null>()
  for (const row of statuses) {
    if (rangeAsOf(row, position)) lastSuccesses.set(`${row.sourceId} ${row.kind}`, row.lastSuccessAt)
  }
  return { position, lastSuccessAt: (sourceId, kind) => lastSuccesses.get(`${sourceId} ${kind}`) ?? null }
}

/** A row as it was known then; null where it did not hold. */
export const rowAsOf: {
  [N in ProjectionName]: (row: ProjectionRows[N], moment: Moment) => ProjectionRows[N] | null
} = {
  organizationProfile: (row, { position }) => rangeAsOf(row, position),
  member: (row, { position }) => rangeAsOf(row, position),
  connection: (row, { position }) => rangeAsOf(row, position),
  kindStatus: (row, { position }) => rangeAsOf(row, position),
  membership: (row, { position }) => rangeAsOf(row, position),
  verdict: (row, { position }) => rangeAsOf({ ...row, toAt: null }, position),
  assessment: (row, { position }) => rangeAsOf(row, position),
  assessmentEvidence: (row, { position }) => rangeAsOf(row, position),
  sample: (row, { position }) => rangeAsOf(row, position),
  threshold: (row, { position }) => rangeAsOf(row, position),
  outOfScope: (row, { position }) => rangeAsOf({ ...row, toAt: null }, position),
  accountClass: (row, { position }) => rangeAsOf(row, position),
  administrator: (row, { position }) => rangeAsOf(row, position),
  exception: (row, { position }) => rangeAsOf(row, position),
  review: (row, { position }) => rangeAsOf(row, position),
  alert: (row, { position }) => rangeAsOf(row, position),
  erasure: (row, { position }) => rangeAsOf(row, position),
  run(row, { position }) {
    if (row.startedPosition > position) return null
    const isFinished = row.finishedPosition !== null && row.finishedPosition <= position
    return isFinished ? row : { ...row, ...unfinished }
  },
  successChain(row, moment) {
    const last = moment.lastSuccessAt(row.sourceId, row.kind)
    if (!last || row.firstAt > last) return null
    return row.lastAt > last ? { ...row, lastAt: last } : row
  },
}

function rangeAsOf<Row extends Range>(row: Row, position: number): Row | null {
  if (row.fromPosition > position) return null
  if (row.toPosition === null) return row
  return row.toPosition > position ? { ...row, toPosition: null } : null
}
