import { and, eq, lt, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { organizationSlug } from '../../db/schema/accounts.ts'
import { connection, syncSchedule } from '../../db/schema/state.ts'
import { newestCheckpoint, readLogHead } from '../ledger/checkpoints.ts'
import { isOpen } from '../projections/range.ts'
import type { Services } from '../services.ts'
import { enqueueDueDeliveries } from '../subscriptions/due-deliveries.ts'
import { dropOldAttempts } from '../webhooks/deliveries.ts'
import { dropExpiredAttempts } from './begin-authorization.ts'

const grace = 5 * 60_000

/**
 * The safety net: finds connections whose sync is overdue and that no run holds, whatever the reason, and enqueues
 * one; the same for a log that its newest checkpoint does not cover and for a checkpoint that is to be sent; drops sign-ins at the source that were begun and
 * never came back. One tenant transaction an organization.
 * @returns how many overdue syncs were found
 */
export async function sweepOverdue(services: Services): Promise<number> {
  const organizations = await services.database.outsideTenant
    .select({ organizationId: organizationSlug.organizationId })
    .from(organizationSlug)
  const before = new Date(services.clock.now().getTime() - grace)
  let found = 0
  for (const { organizationId } of organizations) {
    found += await services.database.withOrganization(organizationId, async transaction => {
      await dropExpiredAttempts(transaction, organizationId, services.clock.now())
      await enqueueMissingSeal(services, transaction, organizationId)
      await enqueueDueDeliveries(services, transaction, organizationId)
      await dropOldAttempts(transaction, organizationId, services.clock.now())
      const overdue = await transaction
        .select({ connectionId: syncSchedule.connectionId, dueAt: syncSchedule.dueAt })
        .from(syncSchedule)
        .innerJoin(
          connection,
          and(isOpen(connection, organizationId), eq(connection.id, syncSchedule.connectionId)),
        )
        .where(
          and(
            eq(syncSchedule.organizationId, organizationId),
            eq(connection.status, 'connected'),
            lt(syncSchedule.dueAt, before),
            sql`coalesce(${syncSchedule.leaseUntil} < clock_timestamp(), true)`,
          ),
        )
      for (const { connectionId, dueAt } of overdue) {
        const payload = {
          organizationId,
          connectionId,
          trigger: 'sweep',
          dueAt: dueAt.toISOString(),
        } as const
        await services.queue.enqueue(transaction, 'sync', payload)
      }
      return overdue.length
    })
  }
  return found
}

/** Where one waits already the queue keeps that one. */
async function enqueueMissingSeal(
  { queue }: Pick<Services, 'queue'>,
  transaction: Transaction,
  organizationId: string,
) {
  const { size } = await readLogHead(transaction, organizationId)
  const newest = await newestCheckpoint(transaction, organizationId)
  if (size > (newest?.size ?? 0)) await queue.enqueue(transaction, 'seal', { organizationId })
}
