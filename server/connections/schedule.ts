import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { syncSchedule } from '../../db/schema/state.ts'
import { sha256 } from '../ledger/canonical.ts'

/** A connection's own minute of the hour. */
export const spreadOf = (connectionId: string): number => sha256(connectionId).readUInt32BE(0) % 60

/** When the connection is due next; whoever holds the lease keeps it. */
export async function scheduleSync(
  transaction: Transaction,
  organizationId: string,
  connectionId: string,
  dueAt: Date,
): Promise<void> {
  await transaction
    .insert(syncSchedule)
    .values({ organizationId, connectionId, dueAt })
    .onConflictDoUpdate({ target: [syncSchedule.organizationId, syncSchedule.connectionId], set: { dueAt } })
}

/** A connection that is never due again. */
export async function unscheduleSync(
  transaction: Transaction,
  organizationId: string,
  connectionId: string,
): Promise<void> {
  await transaction
    .delete(syncSchedule)
    .where(and(eq(syncSchedule.organizationId, organizationId), eq(syncSchedule.connectionId, connectionId)))
}
