import type { Logger } from 'pino'
import type { Database } from '../../db/client.ts'
import { checkpoint } from '../../db/schema/log.ts'
import { AppError } from '../errors.ts'
import { formatCheckpoint, simulatedExtension } from './checkpoint-text.ts'
import { checkpointOfSize, newestCheckpoint, readLogHead, type StoredCheckpoint } from './checkpoints.ts'
import type { Ledger } from './ledger.ts'
import { adoptKey } from './log-keys.ts'
import { LogRewritten } from './log-rewritten.ts'
import type { LogSigner } from './log-signer.ts'
import { LogTree } from './log-tree.ts'
import { verifyConsistency } from './merkle.ts'
import { formatNote, parseNote, verifyNote } from './signed-note.ts'
import type { VerifierKey } from './verifier-key.ts'
import { writeTiles } from './write-tiles.ts'

export interface SealingServices {
  ledger: Ledger
  database: Database
  signer: LogSigner
  logger: Logger
  /** The deployment's own origin: names the log with its first key. */
  appOrigin: string
}

/**
 * Seals an organization's log up to its newest event: stores the tiles that are full, signs a checkpoint and stores it.
 * Running it again changes nothing, two at once are harmless, and the key service is called behind no lock.
 * @returns the checkpoint that covers everything there was when this was called
 * @throws {LogRewritten} where the log does not continue its newest checkpoint
 * @throws {AppError} `unavailable` when the key service does not help; nothing was signed then
 */
export async function sealNow(services: SealingServices, organizationId: string): Promise<StoredCheckpoint> {
  try {
    return await seal(services, organizationId)
  } catch (error) {
    if (error instanceof LogRewritten) {
      services.logger.error({ err: error, organizationId }, 'a log was rewritten: no checkpoint is signed')
    }
    throw error
  }
}

async function seal(services: SealingServices, organizationId: string): Promise<StoredCheckpoint> {
  const { database, ledger, signer, appOrigin } = services
  // A command that found this seal waiting asked for no other: it must have ended before the log is measured.
  const measure = () =>
    database.withOrganization(organizationId, async transaction => ({
      ...(await readLogHead(transaction, organizationId, { settled: true })),
      newest: await newestCheckpoint(transaction, organizationId),
    }))
  const before = await measure()
  if (before.newest?.size === before.size) return before.newest
  const key = await adoptKey(ledger, organizationId, { key: await signer.key(), appOrigin })
  const { size, simulated, newest } = await measure()
  await writeTiles(database, organizationId, newest?.size ?? 0, size)
  const root = await database.withOrganization(organizationId, async transaction => {
    const tree = new LogTree(transaction, organizationId, size)
    const root = await tree.root()
    if (newest) await requireContinuation(tree, newest, { organizationId, size, root })
    return root
  })
  const extensions = simulated ? [simulatedExtension] : []
  const text = formatCheckpoint({ origin: key.name, size, root, extensions })
  const note = await signNote(signer, key, text)
  const sealed = { size, root, note, keyId: key.keyId, signedAt: ledger.clock.now() }
  return store(database, organizationId, sealed)
}

async function requireContinuation(
  tree: LogTree,
  { size: firstSize, root: firstRoot }: StoredCheckpoint,
  { organizationId, size, root }: { organizationId: string; size: number; root: Uint8Array },
) {
  const isContinued =
    firstSize <= size &&
    verifyConsistency({
      firstSize,
      secondSize: size,
      firstRoot,
      secondRoot: root,
      proof: await tree.consistencyProof(firstSize),
    })
  if (!isContinued) {
    throw new LogRewritten(organizationId, `it does not continue the checkpoint of ${firstSize} events`)
  }
}

/**
 * A text as a note under a signature of the log's key. One that does not hold is none: the key behind the key service's
 * name may have changed just now.
 * @throws {AppError} `unavailable` when the key service does not help
 */
export async function signNote(signer: LogSigner, key: VerifierKey, text: string): Promise<string> {
  const signature = await signer.sign(Buffer.from(text))
  const note = formatNote({ text, signatures: [{ keyName: key.name, keyId: key.keyId, signature }] })
  if (verifyNote(parseNote(note), [key]).kind !== 'signed') {
    throw new AppError('unavailable', 'the key service signed by another key than it named', {
      details: { service: 'kms', keyId: key.keyId },
    })
  }
  return note
}

async function store(
  database: Database,
  organizationId: string,
  sealed: StoredCheckpoint,
): Promise<StoredCheckpoint> {
  return database.withOrganization(organizationId, async transaction => {
    const written = await transaction
      .insert(checkpoint)
      .values({ organizationId, ...sealed })
      .onConflictDoNothing()
      .returning({ size: checkpoint.size })
    if (written.length > 0) return sealed
    // Another sealer was faster: it must have signed the same.
    const stored = await checkpointOfSize(transaction, organizationId, sealed.size)
    if (stored?.root.equals(sealed.root)) return stored
    throw new LogRewritten(organizationId, `another root is signed for ${sealed.size} events`)
  })
}
