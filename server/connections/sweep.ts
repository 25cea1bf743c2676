import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { organizationSlug } from '../../db/schema/accounts.ts'
import { connection, syncSchedule } from '../../db/schema/state.ts'
import { enqueueMissingDeliveries } from '../alerts/due-alerts.ts'
import { hasReminderDue, remindOfAlerts } from '../alerts/remind-of-alerts.ts'
import { enqueueDueKeyWork } from '../data-keys/key-work.ts'
import { furthestAhead } from '../domain/run/schedule.ts'
import { isHeld } from '../evidence/lease.ts'
import { sweepExports } from '../export/sweep-exports.ts'
import { newestCheckpoint, readLogHead } from '../ledger/checkpoints.ts'
import { isOpen } from '../projections/range.ts'
import { enqueueLostRebuild } from '../projections/rebuild/requested.ts'
import { queueOf } from '../queue.ts'
import { enqueueDuePurge } from '../retention/due-purge.ts'
import type { Services } from '../services.ts'
import { enqueueDueDeliveries } from '../subscriptions/due-deliveries.ts'
import { enqueueLostVerification } from '../verification/lost-verification.ts'
import { dropOldAttempts } from '../webhooks/deliveries.ts'
import { dropExpiredAttempts } from './begin-authorization.ts'
import { cadencesOf } from './bring-syncs.ts'
import { hasNoticeDue, noticeSecretExpiry } from './notice-secret-expiry.ts'
import { staleConnections, watchConnection } from './observe-silence.ts'
import { type ScheduleKey, scheduleSync } from './schedule.ts'
import { CollectedJobs, SweepJobs } from './sweep-jobs.ts'
import { readSweepSigns } from './sweep-signs.ts'

const grace = 5 * 60_000

/**
 * The safety net: finds connections whose sync is overdue, or due later than it can be, and that no run holds, whatever
 * the reason, and enqueues one; begins the schedule of what a connection was never read for, because its connector learned it later; seals a
 * log that its newest checkpoint does not cover, and has the checkpoint sent to who is to get it; has removed what is kept
 * no longer, goes on with work on its keys, and has a verification or a rebuild run that nobody took up; drops sign-ins at the source that were begun and never came back; notes which client secrets end soon and
 * which connections have gone stale; reminds of what is still open; drops archives whose time is over. Organization by
 * organization: one that fails leaves the others their net. What is to be enqueued goes into the queue for many at once.
 * @returns how many overdue syncs were found
 */
export async function sweepOverdue(services: Services): Promise<number> {
  const organizations = await services.database.outsideTenant
    .select({ organizationId: organizationSlug.organizationId })
    .from(organizationSlug)
  const sweepJobs = new SweepJobs(services)
  // All take from one list.
  const left = organizations.values()
  const sweepOn = async () => {
    for (const { organizationId } of left) {
      try {
        await sweepOrganization(services, organizationId, sweepJobs)
      } catch (err) {
        services.logger.error({ err, organizationId }, 'an organization could not be swept')
      }
    }
  }
  await Promise.all(Array.from({ length: sweepAtOnce }, sweepOn))
  await sweepJobs.flush()
  return sweepJobs.found
}

/** Organizations that are swept at a time: what one waits for, the disk above all, another uses. */
export const sweepAtOnce = 4

/** One look for everything, and a command only where there is something to note. */
async function sweepOrganization(
  services: Services,
  organizationId: string,
  sweepJobs: SweepJobs,
): Promise<void> {
  const at = services.clock.now()
  const queue = new CollectedJobs()
  const collecting = { ...services, queue }
  const look = await services.database.withOrganization(
    organizationId,
    async transaction => {
      const asked = { organizationId, at }
      // Sent together: none of them rests on another.
      const [has, isSecretEnding, stale] = await Promise.all([
        readSweepSigns(transaction, organizationId),
        hasNoticeDue(transaction, asked),
        staleConnections(services, transaction, asked),
        enqueueMissingSeal(collecting, transaction, organizationId),
        enqueueDuePurge(collecting, transaction, organizationId),
        enqueueDueKeyWork(collecting, transaction, organizationId),
      ])
      const [overdue, isReminderDue] = await Promise.all([
        enqueueOverdue(collecting, transaction, organizationId),
        has.openAlerts && hasReminderDue(transaction, asked),
        has.attempts && dropExpiredAttempts(transaction, organizationId, at),
        has.deliveries && dropOldAttempts(transaction, organizationId, at),
        has.subscriptions && enqueueDueDeliveries(collecting, transaction, organizationId),
        has.channels && enqueueMissingDeliveries(queue, transaction, organizationId),
        has.verifications && enqueueLostVerification(collecting, transaction, organizationId),
        has.rebuilds && enqueueLostRebuild(collecting, transaction, organizationId),
      ])
      return { overdue, isSecretEnding, stale, isReminderDue, hasArchives: has.archives }
    },
    { keepsPlans: true },
  )
  await sweepJobs.add(queue.jobs, look.overdue)
  if (look.isSecretEnding) await noticeSecretExpiry(services, organizationId)
  for (const connectionId of look.stale) await watchConnection(services, { organizationId, connectionId })
  if (look.isReminderDue) await remindOfAlerts(services, organizationId)
  if (look.hasArchives) {
    const lost = await sweepExports(services, organizationId)
    if (lost > 0)
      services.logger.warn({ organizationId, lost }, 'the sweep found exports that nobody made any more')
  }
}

async function enqueueOverdue(
  { connectors, queue, clock }: Services,
  transaction: Transaction,
  organizationId: string,
): Promise<number> {
  const now = clock.now()
  const [connections, schedules] = await Promise.all([
    transaction
      .select({ connectionId: connection.id, connector: connection.connector, cloud: connection.cloud })
      .from(connection)
      .where(and(isOpen(connection, organizationId), eq(connection.status, 'connected'))),
    transaction
      .select({
        connectionId: syncSchedule.connectionId,
        cadence: syncSchedule.cadence,
        dueAt: syncSchedule.dueAt,
        isHeld,
      })
      .from(syncSchedule)
      .where(eq(syncSchedule.organizationId, organizationId)),
  ])
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
