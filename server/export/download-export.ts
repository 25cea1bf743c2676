import { AppError } from '../errors.ts'
import { positionAt } from '../ledger/position-at.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import { archiveBytes } from './archive-draft.ts'
import { commandExport } from './export-stream.ts'
import { listed, visibleExport } from './list-exports.ts'

/** An archive as a file to save. */
export interface ArchiveDownload {
  /** Letters, digits, dots and hyphens only: it goes into a header. */
  filename: string
  bytes: number
  sha256: string
  pieces: AsyncIterable<Uint8Array>
}

/**
 * Records that somebody takes the archive along, and hands it over.
 * @throws {AppError} not_found; precondition_failed where there is no archive yet, or no longer
 */
export async function downloadExport(
  services: Services,
  access: Access,
  exportId: string,
): Promise<ArchiveDownload> {
  const { organizationId, userId, slug } = access
  const key = { organizationId, exportId }
  return services.ledger.command(organizationId, `user:${userId}`, async unit => {
    const { instant } = await positionAt(unit.transaction, organizationId, services.clock, { kind: 'now' })
    const row = await visibleExport(unit.transaction, access, key, instant)
    const { status, bytes, sha256, upTo } = listed(row, new Map(), instant)
    if (status !== 'ready' || bytes === null || sha256 === null) throw noArchive(status)
    await commandExport(unit, exportId, { type: 'download' })
    return {
      filename: `${slug}-${upTo.instant.toISOString().slice(0, 10)}-${exportId.slice(-8)}.zip`,
      bytes,
      sha256,
      pieces: archiveBytes(services.database, key),
    }
  })
}

const noArchive = (status: string) =>
  new AppError('precondition_failed', `no archive: ${status}`, {
    userMessage:
      status === 'expired'
        ? 'This archive is gone: archives are kept for seven days. Ask for it again; the ledger still holds everything that it is made from.'
        : status === 'failed'
          ? 'No archive came of this export. Its page says why.'
          : 'This archive is not ready yet. Its page shows how far it is.',
  })
