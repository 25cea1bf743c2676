import { and, asc, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { alert } from '../../db/schema/state.ts'
import type { AlertState } from '../domain/alert/alert.ts'
import { alertCauseSchema } from '../domain/alert/causes.ts'
import { isOpen } from '../projections/range.ts'

type Row = typeof alert.$inferSelect

/** What is open in an organization, in the order in which it was raised. */
export async function readOpenAlerts(
  transaction: Transaction,
  organizationId: string,
): Promise<AlertState[]> {
  const rows = await transaction
    .select()
    .from(alert)
    .where(and(isOpen(alert, organizationId), eq(alert.isOpen, true)))
    .orderBy(asc(alert.raisedAt), asc(alert.id))
  return rows.map(alertState)
}

/** A stored row as decisions look at it. */
export const alertState = (row: Row): AlertState => ({
  alertId: row.id,
  cause: alertCauseSchema.parse(row.cause),
  isOpen: row.isOpen,
  isAcknowledged: row.acknowledgedAt !== null,
  raisedAt: row.raisedAt,
  remindedAt: row.remindedAt,
  reminders: row.reminders,
})
