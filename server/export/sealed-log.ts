import { firstCheckpointOver, type StoredCheckpoint } from '../ledger/checkpoints.ts'
import { adoptKey, readLogKeys } from '../ledger/log-keys.ts'
import { LogRewritten } from '../ledger/log-rewritten.ts'
import { LogTree } from '../ledger/log-tree.ts'
import { sealNow, signNote } from '../ledger/seal-log.ts'
import type { TileReference } from '../ledger/tiles.ts'
import type { VerifierKey } from '../ledger/verifier-key.ts'
import type { ArchiveScope } from './archive-scope.ts'
import { ExportRefused } from './export-refused.ts'
import type { ExportServices } from './part.ts'

/** The log as an archive is held to it: sealed up to a size that covers the scope. */
export interface SealedLog {
  readonly origin: string
  readonly size: number
  /** RFC 6962 root of the log at that size. */
  readonly root: Uint8Array
  /** The signed checkpoint that says so. */
  readonly note: string
  /** Keys that sign for the log, in the order of their adoption. */
  readonly keys: readonly VerifierKey[]
  /** The hashes of a tile of the log at that size. */
  readTile(tile: TileReference): Promise<Uint8Array>
  /** A text as a note signed by the log's newest key. */
  sign(text: string): Promise<string>
}

/**
 * Seals the log where no checkpoint covers the scope yet. The smallest that does is taken, so that an archive that is made
 * again is held to the same.
 * @throws {ExportRefused} where the log does not continue its newest checkpoint
 * @throws {AppError} `unavailable` when the key service does not help
 */
export async function openSealedLog(services: ExportServices, scope: ArchiveScope): Promise<SealedLog> {
  const { database, ledger, signer, appOrigin } = services
  const { organizationId } = scope
  const { size, root, note } = await coveringCheckpoint(services, scope)
  const key = await adoptKey(ledger, organizationId, { key: await signer.key(), appOrigin })
  const keys = await database.withOrganization(organizationId, transaction =>
    readLogKeys(transaction, organizationId),
  )
  return {
    origin: key.name,
    size,
    root,
    note,
    keys,
    // A tree for each tile: it keeps what it has read, and a whole log is not to be kept.
    readTile: async ({ level, index }) =>
      Buffer.concat(
        await database.withOrganization(organizationId, transaction =>
          new LogTree(transaction, organizationId, size).tileHashes(level, index),
        ),
      ),
    sign: text => signNote(signer, key, text),
  }
}

async function coveringCheckpoint(
  services: ExportServices,
  { organizationId, asOf, assessment }: ArchiveScope,
): Promise<StoredCheckpoint> {
  const last = Math.max(asOf.position, assessment?.position ?? -1)
  const find = () =>
    services.database.withOrganization(organizationId, transaction =>
      firstCheckpointOver(transaction, organizationId, last),
    )
  const found = await find()
  if (found) return found
  const sealed = await seal(services, organizationId)
  // Another seal may have come in between, and covers the scope by fewer events.
  return (await find()) ?? sealed
}

async function seal(services: ExportServices, organizationId: string): Promise<StoredCheckpoint> {
  try {
    return await sealNow(services, organizationId)
  } catch (error) {
    if (!(error instanceof LogRewritten)) throw error
    throw new ExportRefused('log_rewritten', error.userMessage)
  }
}
