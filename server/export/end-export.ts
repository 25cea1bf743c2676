import { and, inArray } from 'drizzle-orm'
import { exportArchive } from '../../db/schema/state.ts'
import type { Services } from '../services.ts'
import { type ArchiveDraft, dropChunks } from './archive-draft.ts'
import { keepDays } from './expiry.ts'
import { type ExportKey, isExport } from './export-record.ts'
import { commandExport } from './export-stream.ts'

const actor = 'system:export'

/** Offers the archive: from this commit on, and not before. @throws {DraftLost} */
export async function completeExport(
  services: Pick<Services, 'ledger'>,
  draft: ArchiveDraft,
  { sha256, bytes, checkpointSize }: { sha256: Buffer; bytes: number; checkpointSize: number },
): Promise<void> {
  const { organizationId, exportId } = draft.key
  await services.ledger.command(organizationId, actor, async unit => {
    await draft.hold(unit.transaction)
    const { recordedAt } = await commandExport(unit, exportId, {
      type: 'complete',
      sha256: sha256.toString('hex'),
      bytes,
      checkpointSize,
    })
    await unit.transaction
      .update(exportArchive)
      .set({ status: 'ready', bytes, sha256, finishedAt: recordedAt, expiresAt: keepDays(recordedAt) })
      .where(isExport(draft.key))
  })
}

/** Ends an export that came to nothing: nothing of it is kept but why. One that has ended already stays as it is. */
export async function failExport(
  services: Pick<Services, 'ledger'>,
  key: ExportKey,
  { cause, explanation }: { cause: string; explanation: string },
): Promise<void> {
  await services.ledger.command(key.organizationId, actor, async unit => {
    const ended = await unit.transaction
      .update(exportArchive)
      .set({ status: 'failed', explanation })
      .where(and(isExport(key), inArray(exportArchive.status, ['requested', 'building'])))
      .returning({ id: exportArchive.id })
    if (ended.length === 0) return
    await dropChunks(unit.transaction, key)
    const { recordedAt } = await commandExport(unit, key.exportId, { type: 'fail', cause, explanation })
    await unit.transaction.update(exportArchive).set({ finishedAt: recordedAt }).where(isExport(key))
  })
}
