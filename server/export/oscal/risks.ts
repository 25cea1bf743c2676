import { type ExceptionState, exceptionsAt } from '../../domain/exception/exceptions-at.ts'
import type { ExceptionRow } from '../../projections/fold/rows.ts'
import { properties } from './properties.ts'

/** A risk that people decided to bear, or are asked to, before it has its id. */
export interface ExceptionRisk {
  readonly exceptionId: string
  readonly controlId: string
  readonly risk: object
}

/**
 * A risk for each exception that counts at the end, and for each that waits for the second person: OSCAL calls them
 * deviations, approved and requested. What ran out, was rejected or withdrawn is none any more.
 */
export const exceptionRisks = (rows: readonly ExceptionRow[], at: Date): ExceptionRisk[] =>
  exceptionsAt(rows, at)
    .filter(({ state }) => state === 'in_force' || state === 'waiting')
    .toSorted((one, other) => (one.exceptionId < other.exceptionId ? -1 : 1))
    .map(row => ({ exceptionId: row.exceptionId, controlId: row.controlId, risk: riskOf(row) }))

function riskOf(row: ExceptionRow & { state: ExceptionState }): object {
  const isApproved = row.state === 'in_force'
  const expires = row.expiresAt.toISOString()
  // OSCAL's titles and values are of one line.
  const subject = `${row.subjectKind} ${row.subjectId}`.replace(/\s+/gu, ' ').trim()
  return {
    title: `Exception from ${row.controlId}: ${subject}`,
    description: isApproved
      ? `Approved by another person than who asked for it. Until ${expires} ${row.controlId} leaves it out of its verdict.`
      : `Asked for, and not approved by a second person: ${row.controlId} judges as if it were not there.`,
    statement: row.reason,
    props: properties({
      'exception-id': row.exceptionId,
      'control-id': row.controlId,
      'source-id': row.sourceId,
      subject,
      'owner-id': row.ownerId,
      'requested-by': row.requestedBy,
      'requested-at': row.requestedAt.toISOString(),
      ...(isApproved && row.decidedBy !== null ? { 'approved-by': row.decidedBy } : {}),
      ...(isApproved && row.decidedAt !== null ? { 'approved-at': row.decidedAt.toISOString() } : {}),
    }),
    status: isApproved ? 'deviation-approved' : 'deviation-requested',
    deadline: expires,
  }
}
