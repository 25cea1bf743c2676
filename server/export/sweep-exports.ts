import { and, eq, inArray, lte } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { exportArchive } from '../../db/schema/state.ts'
import type { Services } from '../services.ts'
import { dropChunks } from './archive-draft.ts'
import { progressOf } from './export-record.ts'

/** Real milliseconds after which an export that says nothing has lost its job, whatever the reason. */
const longestSilence = 15 * 60_000

/**
 * Drops an organization's archives whose time is over: the row stays and says so. Exports that nobody makes any more get a
 * job again.
 * @returns how many lost exports were found
 */
export async function sweepExports(
  services: Pick<Services, 'database' | 'clock' | 'queue'>,
  organizationId: string,
): Promise<number> {
  return services.database.withOrganization(organizationId, async transaction => {
    await dropExpired(services, transaction, organizationId)
    return requeueLost(services, transaction, organizationId)
  })
}

async function dropExpired(
  { clock }: Pick<Services, 'clock'>,
  transaction: Transaction,
  organizationId: string,
) {
  const expired = await transaction
    .update(exportArchive)
    .set({ status: 'expired' })
    .where(
      and(
        eq(exportArchive.organizationId, organizationId),
        eq(exportArchive.status, 'ready'),
        lte(exportArchive.expiresAt, clock.now()),
      ),
    )
    .returning({ exportId: exportArchive.id })
  for (const { exportId } of expired) await dropChunks(transaction, { organizationId, exportId })
}

async function requeueLost(
  { queue }: Pick<Services, 'queue'>,
  transaction: Transaction,
  organizationId: string,
): Promise<number> {
  const unfinished = await transaction
    .select({ exportId: exportArchive.id, progress: exportArchive.progress })
    .from(exportArchive)
    .where(
      and(
        eq(exportArchive.organizationId, organizationId),
        inArray(exportArchive.status, ['requested', 'building']),
      ),
    )
  const silent = unfinished.filter(
    row => Date.now() - Date.parse(progressOf(row.progress).saidAt) > longestSilence,
  )
  for (const { exportId } of silent)
    await queue.enqueue(transaction, 'export-archive', { organizationId, exportId })
  return silent.length
}
