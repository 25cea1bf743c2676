import type { Transaction } from '../../db/client.ts'
import { AppError, notFound } from '../errors.ts'
import { sha256Hex } from '../ledger/canonical.ts'
import { isSignedFor } from '../ledger/checkpoint-note.ts'
import {
  checkpointOfSize,
  newestCheckpoint,
  readLogHead,
  type StoredCheckpoint,
} from '../ledger/checkpoints.ts'
import { envelopeText } from '../ledger/envelope.ts'
import { readLogKeys } from '../ledger/log-keys.ts'
import { LogIncomplete, LogTree } from '../ledger/log-tree.ts'
import { leafHash, verifyInclusion } from '../ledger/merkle.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { formatProofText } from '../ledger/proof-text.ts'
import { formatVerifierKey } from '../ledger/verifier-key.ts'
import type { PeriodStart } from '../members/auditor-period.ts'
import type { StoredEvent } from './event-view.ts'
import { storedEvent } from './get-event.ts'

/** That an event is in the log, with everything it takes to check it elsewhere. */
export interface Inclusion {
  position: number
  /** RFC 8785 canonical JSON: the leaf of the log. */
  envelope: string
  /** SHA-256(0x00 ‖ envelope), computed now. */
  leafHash: string
  /** Null while no checkpoint covers the event yet. */
  proof: InclusionProof | null
}

export interface InclusionProof {
  /** Events that the checkpoint covers, and the root of the tree over them. */
  size: number
  root: string
  signedAt: Date
  isSimulated: boolean
  /** RFC 6962, the leaf's sibling first. */
  hashes: string[]
  /** The checkpoint as a signed note, and the key that signed it: C2SP signed-note. */
  note: string
  verifierKey: string | null
  /** Proof and checkpoint as one file: C2SP tlog-proof. Null where parts of the log are missing. */
  text: string | null
  /** Whether all of it was found to hold just now. */
  holds: boolean
}

/**
 * The proof of one event against the newest checkpoint, or against the one of the given size.
 * @throws {AppError} not_found for an event or checkpoint that is unknown; bad_input for a checkpoint from before the
 * event; not_found before an auditor's period
 */
export async function getInclusion(
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
  { position, size, start }: { position: number; size?: number | undefined; start: PeriodStart | null },
): Promise<Inclusion> {
  const stored = await storedEvent(transaction, organizationId, asOf, { position, start })
  return inclusionOf(transaction, organizationId, stored, size)
}

/** The proof of an event that has been read, and may be seen. */
export async function inclusionOf(
  transaction: Transaction,
  organizationId: string,
  event: StoredEvent,
  size?: number,
): Promise<Inclusion> {
  const { position } = event
  const envelope = envelopeText({ ...event, payloadSha256: sha256Hex(event.payloadText) })
  const leaf = leafHash(Buffer.from(envelope))
  const checkpoint = await coveringCheckpoint(transaction, organizationId, position, size)
  return {
    position,
    envelope,
    leafHash: leaf.toString('hex'),
    proof: checkpoint && (await prove(transaction, organizationId, { position, leaf, checkpoint })),
  }
}

async function coveringCheckpoint(
  transaction: Transaction,
  organizationId: string,
  position: number,
  size: number | undefined,
): Promise<StoredCheckpoint | null> {
  if (size === undefined) {
    const newest = await newestCheckpoint(transaction, organizationId)
    return newest && newest.size > position ? newest : null
  }
  const asked = await checkpointOfSize(transaction, organizationId, size)
  if (!asked) throw notFound('checkpoint')
  if (asked.size > position) return asked
  throw new AppError('bad_input', 'the checkpoint is older than the event', {
    userMessage: `The checkpoint of ${size} events ends before position ${position}. Choose a later one.`,
    fields: { size: 'Choose a checkpoint that covers the event.' },
  })
}

async function prove(
  transaction: Transaction,
  organizationId: string,
  { position, leaf, checkpoint }: { position: number; leaf: Buffer; checkpoint: StoredCheckpoint },
): Promise<InclusionProof> {
  const { size, root, note, signedAt, keyId } = checkpoint
  const [keys, { simulated }, proof] = await Promise.all([
    readLogKeys(transaction, organizationId),
    readLogHead(transaction, organizationId),
    pathOf(transaction, organizationId, { position, size }),
  ])
  const key = keys.find(known => known.keyId === keyId)
  return {
    size,
    root: root.toString('hex'),
    signedAt,
    isSimulated: simulated,
    hashes: (proof ?? []).map(hash => hash.toString('hex')),
    note,
    verifierKey: key ? formatVerifierKey(key) : null,
    text: proof && formatProofText({ index: position, proof, checkpoint: note }),
    holds:
      proof !== null &&
      isSignedFor(note, keys, { size, root }) &&
      verifyInclusion({ index: position, size, leafHash: leaf, proof, root }),
  }
}

/** Null where parts of the log are missing: the event itself can still be looked at. */
async function pathOf(
  transaction: Transaction,
  organizationId: string,
  { position, size }: { position: number; size: number },
): Promise<Buffer[] | null> {
  try {
    return await new LogTree(transaction, organizationId, size).inclusionProof(position)
  } catch (error) {
    if (error instanceof LogIncomplete) return null
    throw error
  }
}
