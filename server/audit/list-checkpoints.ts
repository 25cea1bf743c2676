import { and, eq, inArray } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { events } from '../../db/schema/ledger.ts'
import { notFound } from '../errors.ts'
import { checkpointOfSize, listCheckpoints, readLogHead } from '../ledger/checkpoints.ts'
import { type LogKey, readLogKeys } from '../ledger/log-keys.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { base64Of } from '../ledger/strict-base64.ts'
import { formatVerifierKey, type KeyAlgorithm, publicKeyPem } from '../ledger/verifier-key.ts'

/** A checkpoint as it is listed. */
export interface CheckpointView {
  size: number
  /** Base 64, as in the note. */
  root: string
  keyId: string
  signedAt: Date
  /** The signed note: what a reader keeps. */
  note: string
}

/** A key that signs or has signed, as a reader keeps it. */
export interface KeyView {
  keyId: string
  algorithm: KeyAlgorithm
  /** C2SP signed-note: `<origin>+<key id>+<base64>`. */
  verifierKey: string
  /** Null where what is stored is no key. */
  pem: string | null
  position: number
  adoptedAt: Date
}

export interface CheckpointList {
  /** Which log this is; null before the first checkpoint. */
  origin: string | null
  isSimulated: boolean
  /** Events in the log as of the moment. */
  size: number
  /** Newest first. */
  checkpoints: CheckpointView[]
  /** Keyset: the size before which the next page begins. */
  next: number | null
  /** In the order of their adoption: the last one signs. */
  keys: KeyView[]
}

const pageSize = 25

/** One page of the checkpoints that were signed by a moment, with the keys of then. */
export async function checkpointPage(
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
  { before }: { before?: number | undefined },
): Promise<CheckpointList> {
  const rows = await listCheckpoints(transaction, organizationId, {
    limit: pageSize + 1,
    before,
    until: asOf.isNow ? undefined : asOf.instant,
  })
  const page = rows.slice(0, pageSize)
  const keys = (await readLogKeys(transaction, organizationId)).filter(key => key.position <= asOf.position)
  const { simulated } = await readLogHead(transaction, organizationId)
  return {
    origin: keys[0]?.name ?? null,
    isSimulated: simulated,
    size: asOf.position + 1,
    checkpoints: page.map(({ root, ...each }) => ({ ...each, root: base64Of(root) })),
    next: rows.length > pageSize ? (page.at(-1)?.size ?? null) : null,
    keys: await withInstants(transaction, organizationId, keys),
  }
}

/** A stored checkpoint's note as a file. @throws {AppError} not_found */
export async function checkpointFile(
  transaction: Transaction,
  { organizationId, slug }: { organizationId: string; slug: string },
  size: number,
): Promise<{ filename: string; note: string }> {
  const stored = await checkpointOfSize(transaction, organizationId, size)
  if (!stored) throw notFound('checkpoint')
  return { filename: `checkpoint-${slug}-${size}.txt`, note: stored.note }
}

async function withInstants(
  transaction: Transaction,
  organizationId: string,
  keys: readonly LogKey[],
): Promise<KeyView[]> {
  if (keys.length === 0) return []
  const rows = await transaction
    .select({ position: events.position, recordedAt: events.recordedAt })
    .from(events)
    .where(
      and(
        eq(events.organizationId, organizationId),
        inArray(
          events.position,
          keys.map(key => key.position),
        ),
      ),
    )
  const instants = new Map(rows.map(row => [row.position, row.recordedAt]))
  return keys.flatMap(key => {
    const adoptedAt = instants.get(key.position)
    const { keyId, algorithm, position } = key
    return adoptedAt
      ? [
          {
            keyId,
            algorithm,
            verifierKey: formatVerifierKey(key),
            pem: publicKeyPem(key),
            position,
            adoptedAt,
          },
        ]
      : []
  })
}
