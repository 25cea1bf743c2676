import type { Transaction } from '../../db/client.ts'
import { AppError, notFound } from '../errors.ts'
import { checkpointOfSize, type StoredCheckpoint } from '../ledger/checkpoints.ts'
import { LogTree } from '../ledger/log-tree.ts'
import { verifyConsistency } from '../ledger/merkle.ts'

/** That the log of one checkpoint is the beginning of the log of another. */
export interface Consistency {
  firstSize: number
  secondSize: number
  firstRoot: string
  secondRoot: string
  /** RFC 6962 consistency proof. */
  hashes: string[]
  /** Whether it was found to hold just now. */
  holds: boolean
}

/**
 * The proof between two stored checkpoints.
 * @throws {AppError} not_found for a checkpoint that is unknown; bad_input for the two in the wrong order
 */
export async function getConsistency(
  transaction: Transaction,
  organizationId: string,
  { first, second }: { first: number; second: number },
): Promise<Consistency> {
  const earlier = await requireCheckpoint(transaction, organizationId, first)
  const later = await requireCheckpoint(transaction, organizationId, second)
  if (earlier.size > later.size) {
    throw new AppError('bad_input', 'the first checkpoint is the larger one', {
      userMessage: 'Give the smaller checkpoint first: the proof is that the larger one continues it.',
      fields: { first: 'Give the smaller checkpoint first.' },
    })
  }
  const proof = await new LogTree(transaction, organizationId, later.size).consistencyProof(earlier.size)
  return {
    firstSize: earlier.size,
    secondSize: later.size,
    firstRoot: earlier.root.toString('hex'),
    secondRoot: later.root.toString('hex'),
    hashes: proof.map(hash => hash.toString('hex')),
    holds: verifyConsistency({
      firstSize: earlier.size,
      secondSize: later.size,
      firstRoot: earlier.root,
      secondRoot: later.root,
      proof,
    }),
  }
}

async function requireCheckpoint(
  transaction: Transaction,
  organizationId: string,
  size: number,
): Promise<StoredCheckpoint> {
  const stored = await checkpointOfSize(transaction, organizationId, size)
  if (!stored) throw notFound('checkpoint')
  return stored
}
