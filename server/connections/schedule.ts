import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { syncSchedule } from '../../db/schema/state.ts'
import type { Cadence } from '../domain/evidence/kinds.ts'
import { sha256 } from '../ledger/canonical.ts'

/** What is scheduled, held by a lease and run by itself: a connection's kinds of one cadence. */
export interface ScheduleKey {
  organizationId: string
  connectionId: string
  cadence: Cadence
}

/** A connection's own place, in minutes: of the hour for what is read hourly, of the day for what is read daily. */
export const spreadOf = (connectionId: string, cadence: Cadence): number =>
  cadence === 'hourly'
    ? sha256(connectionId).readUInt32BE(0) % 60
    : sha256(connectionId).readUInt32BE(4) % 1440

/** When the kinds of a cadence are due next; whoever holds the lease keeps it. */
export async function scheduleSync(transaction: Transaction, key: ScheduleKey, dueAt: Date): Promise<void> {
  await transaction
    .insert(syncSchedule)
    .values({ ...key, dueAt })
    .onConflictDoUpdate({
      target: [syncSchedule.organizationId, syncSchedule.connectionId, syncSchedule.cadence],
      set: { dueAt },
    })
}

/** A connection that is never due again. */
export async function unscheduleSyncs(
  transaction: Transaction,
  { organizationId, connectionId }: Omit<ScheduleKey, 'cadence'>,
): Promise<void> {
  await transaction
    .delete(syncSchedule)
    .where(and(eq(syncSchedule.organizationId, organizationId), eq(syncSchedule.connectionId, connectionId)))
}
