import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { organizationSlug } from '../../db/schema/accounts.ts'
import { connection, syncSchedule } from '../../db/schema/state.ts'
import { enqueueMissingDeliveries } from '../alerts/due-alerts.ts'
import { remindOfAlerts } from '../alerts/remind-of-alerts.ts'
import { enqueueDueKeyWork } from '../data-keys/key-work.ts'
import { furthestAhead } from '../domain/run/schedule.ts'
import { isHeld } from '../evidence/lease.ts'
import { newestCheckpoint, readLogHead } from '../ledger/checkpoints.ts'
import { isOpen } from '../projections/range.ts'
import { queueOf } from '../queue.ts'
import { enqueueDuePurge } from '../retention/due-purge.ts'
import type { Services } from '../services.ts'
import { enqueueDueDeliveries } from '../subscriptions/due-deliveries.ts'
import { dropOldAttempts } from '../webhooks/deliveries.ts'
import { dropExpiredAttempts } from './begin-authorization.ts'
import { cadencesOf } from './bring-syncs.ts'
import { noticeSecretExpiry } from './notice-secret-expiry.ts'
import { staleConnections, watchConnection } from './observe-silence.ts'
import { type ScheduleKey, scheduleSync } from './schedule.ts'

const grace = 5 * 60_000

/**
 * The safety net: finds connections whose sync is overdue, or due later than it can be, and that no run holds, whatever
 * the reason, and enqueues one; begins the schedule of what a connection was never read for, because its connector learned it later; seals a
 * log that its newest checkpoint does not cover, and has the checkpoint sent to who is to get it; has removed what is kept
 * no longer, and goes on with work on its keys; drops sign-ins at the source that were begun and never came back; notes which client secrets end soon and
 * which connections have gone stale; reminds of what is still open. Organization by organization: one
 * that fails leaves the others their net.
 * @returns how many overdue syncs were found
 */
export async function sweepOverdue(services: Services): Promise<number> {
  const organizations = await services.database.outsideTenant
    .select({ organizationId: organizationSlug.organizationId })
    .from(organizationSlug)
  let found = 0
  for (const { organizationId } of organizations) {
    try {
      found += await services.database.withOrganization(organizationId, async transaction => {
        await dropExpiredAttempts(transaction, organizationId, services.clock.now())
        await enqueueMissingSeal(services, transaction, organizationId)
        await enqueueDueDeliveries(services, transaction, organizationId)
        await enqueueMissingDeliveries(services.queue, transaction, organizationId)
        await enqueueDuePurge(services, transaction, organizationId)
        await enqueueDueKeyWork(services, transaction, organizationId)
        await dropOldAttempts(transaction, organizationId, services.clock.now())
        return enqueueOverdue(services, transaction, organizationId)
      })
      await noticeSecretExpiry(services, organizationId)
      await noticeSilence(services, organizationId)
      await remindOfAlerts(services, organizationId)
    } catch (err) {
      services.logger.error({ err, organizationId }, 'an organization could not be swept')
    }
  }
  return found
}

/** Each connection in a command of its own, and only where the clock says that there is something to note. */
async function noticeSilence(services: Services, organizationId: string) {
  const at = services.clock.now()
  const stale = await services.database.withOrganization(organizationId, transaction =>
    staleConnections(services, transaction, { organizationId, at }),
  )
  for (const connectionId of stale) await watchConnection(services, { organizationId, connectionId })
}

async function enqueueOverdue(
  { connectors, queue, clock }: Services,
  transaction: Transaction,
  organizationId: string,
): Promise<number> {
  const now = clock.now()
  const connections = await transaction
    .select({ connectionId: connection.id, connector: connection.connector, cloud: connection.cloud })
    .from(connection)
    .where(and(isOpen(connection, organizationId), eq(connection.status, 'connected')))
  const schedules = await transaction
    .select({
      connectionId: syncSchedule.connectionId,
      cadence: syncSchedule.cadence,
      dueAt: syncSchedule.dueAt,
      isHeld,
    })
    .from(syncSchedule)
    .where(eq(syncSchedule.organizationId, organizationId))
  let found = 0
  for (const { connectionId, connector, cloud } of connections) {
    for (const cadence of cadencesOf(connectors.get(connector).manifest, cloud)) {
      const known = schedules.find(row => row.connectionId === connectionId && row.cadence === cadence)
      if (known && (known.isHeld || isToCome(known, now))) continue
      const dueAt = known?.dueAt ?? now
      if (!known) await scheduleSync(transaction, { organizationId, connectionId, cadence }, dueAt)
      await queue.enqueue(transaction, queueOf(cadence), {
        organizationId,
        connectionId,
        trigger: 'sweep',
        dueAt: dueAt.toISOString(),
      })
      found += 1
    }
  }
  return found
}

/** Due neither in the past nor later than a run can be. */
function isToCome({ dueAt, cadence }: Pick<ScheduleKey, 'cadence'> & { dueAt: Date }, now: Date): boolean {
  const ahead = dueAt.getTime() - now.getTime()
  return ahead >= -grace && ahead <= furthestAhead[cadence] + grace
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
