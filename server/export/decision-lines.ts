import { exceptionsAt } from '../domain/exception/exceptions-at.ts'
import { canonicalText } from '../ledger/canonical.ts'
import type { AlertRow, ExceptionRow } from '../projections/fold/rows.ts'

/*
 * Exceptions and alerts as the lines of a file, canonical JSON each, in the order of their ids: what somebody who folds
 * the events comes to as well. People are named by id alone.
 */

export const exceptionsPath = 'exceptions.jsonl'
export const alertsPath = 'alerts.jsonl'

/** Every exception that was ever asked for, with the last decision on it and where it stands at the end. */
export const exceptionLines = (rows: readonly ExceptionRow[], at: Date): string[] =>
  sortedBy(exceptionsAt(rows, at), ({ exceptionId }) => exceptionId).map(row =>
    line({
      controlId: row.controlId,
      decidedAt: row.decidedAt?.toISOString() ?? null,
      decidedBy: row.decidedBy,
      decision: row.decision,
      decisionReason: row.decisionReason,
      exceptionId: row.exceptionId,
      expiresAt: row.expiresAt.toISOString(),
      ownerId: row.ownerId,
      reason: row.reason,
      requestedAt: row.requestedAt.toISOString(),
      requestedBy: row.requestedBy,
      sourceId: row.sourceId,
      state: row.state,
      subject: { id: row.subjectId, kind: row.subjectKind },
    }),
  )

/** Every alert that was open at some time in the scope. @param from where a period begins; null for everything */
export const alertLines = (rows: readonly AlertRow[], from: Date | null): string[] =>
  sortedBy(alertsOfScope(rows, from), ({ id }) => id).map(row =>
    line({
      acknowledgedAt: row.acknowledgedAt?.toISOString() ?? null,
      acknowledgedBy: row.acknowledgedBy,
      alertId: row.id,
      because: row.because,
      cause: row.cause,
      causedAt: row.causedAt,
      isOpen: row.isOpen,
      raisedAt: row.raisedAt.toISOString(),
      remindedAt: row.remindedAt?.toISOString() ?? null,
      reminders: row.reminders,
      resolvedAt: row.resolvedAt?.toISOString() ?? null,
      since: row.since.toISOString(),
    }),
  )

/** What was over before a period is none of its alerts. */
export const alertsOfScope = (rows: readonly AlertRow[], from: Date | null): readonly AlertRow[] =>
  from === null ? rows : rows.filter(({ resolvedAt }) => resolvedAt === null || resolvedAt > from)

const line = (value: Parameters<typeof canonicalText>[0]) => `${canonicalText(value)}\n`

const sortedBy = <T>(rows: readonly T[], keyOf: (row: T) => string) =>
  rows.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
