import { and, eq, inArray } from 'drizzle-orm'
import { exportArchive } from '../../db/schema/state.ts'
import type { Unit } from '../ledger/ledger.ts'
import type { Services } from '../services.ts'
import { dropChunks } from './archive-draft.ts'
import { progressOf } from './export-record.ts'

/**
 * Takes back every archive there is, made or in the making: a copy of what must be gone. What was made has expired;
 * what is being made is begun anew, from what is left by then.
 */
export async function withdrawArchives(
  { queue }: Pick<Services, 'queue'>,
  { transaction, organizationId }: Pick<Unit, 'transaction' | 'organizationId'>,
): Promise<void> {
  const archives = await transaction
    .select({ exportId: exportArchive.id, status: exportArchive.status, progress: exportArchive.progress })
    .from(exportArchive)
    .where(
      and(
        eq(exportArchive.organizationId, organizationId),
        inArray(exportArchive.status, ['ready', 'requested', 'building']),
      ),
    )
    .for('update')
  for (const { exportId, status, progress } of archives) {
    await dropChunks(transaction, { organizationId, exportId })
    await transaction
      .update(exportArchive)
      .set(
        status === 'ready'
          ? { status: 'expired' }
          : // Without an attempt of its own whoever is at it finds out at the next write.
            { status: 'requested', progress: { ...progressOf(progress), attempt: null } },
      )
      .where(and(eq(exportArchive.organizationId, organizationId), eq(exportArchive.id, exportId)))
    if (status !== 'ready') await queue.enqueue(transaction, 'export-archive', { organizationId, exportId })
  }
}
