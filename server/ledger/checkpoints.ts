import { and, asc, desc, eq, gt, lt, lte } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { head } from '../../db/schema/ledger.ts'
import { checkpoint } from '../../db/schema/log.ts'
import { AppError } from '../errors.ts'

/** A signed checkpoint as it is stored. */
export interface StoredCheckpoint {
  size: number
  root: Buffer
  /** The signed note as it leaves the machine. */
  note: string
  keyId: string
  signedAt: Date
}

/** Newest first. `before`: those of a smaller size; `until`: those signed at or before an instant. */
export function listCheckpoints(
  transaction: Transaction,
  organizationId: string,
  { limit, before, until }: { limit: number; before?: number | undefined; until?: Date | undefined },
): Promise<StoredCheckpoint[]> {
  return transaction
    .select(columns)
    .from(checkpoint)
    .where(
      and(
        eq(checkpoint.organizationId, organizationId),
        before === undefined ? undefined : lt(checkpoint.size, before),
        until === undefined ? undefined : lte(checkpoint.signedAt, until),
      ),
    )
    .orderBy(desc(checkpoint.size))
    .limit(limit)
}

export async function newestCheckpoint(
  transaction: Transaction,
  organizationId: string,
): Promise<StoredCheckpoint | null> {
  const [newest] = await listCheckpoints(transaction, organizationId, { limit: 1 })
  return newest ?? null
}

/** The smallest checkpoint that the event at a position is under; null where it is not sealed yet. */
export async function firstCheckpointOver(
  transaction: Transaction,
  organizationId: string,
  position: number,
): Promise<StoredCheckpoint | null> {
  const [row] = await transaction
    .select(columns)
    .from(checkpoint)
    .where(and(eq(checkpoint.organizationId, organizationId), gt(checkpoint.size, position)))
    .orderBy(asc(checkpoint.size))
    .limit(1)
  return row ?? null
}

export async function checkpointOfSize(
  transaction: Transaction,
  organizationId: string,
  size: number,
): Promise<StoredCheckpoint | null> {
  const [row] = await transaction
    .select(columns)
    .from(checkpoint)
    .where(and(eq(checkpoint.organizationId, organizationId), eq(checkpoint.size, size)))
  return row ?? null
}

/**
 * How large the log is, and whether it is simulated. `settled`: once every append in flight has ended, so that what was
 * appended before is in it.
 */
export async function readLogHead(
  transaction: Transaction,
  organizationId: string,
  { settled = false } = {},
): Promise<{ size: number; simulated: boolean }> {
  const query = transaction
    .select({ size: head.size, simulated: head.simulated })
    .from(head)
    .where(eq(head.organizationId, organizationId))
  const [row] = await (settled ? query.for('share') : query)
  if (!row) throw new AppError('not_found', 'the organization has no ledger')
  return row
}

const columns = {
  size: checkpoint.size,
  root: checkpoint.root,
  note: checkpoint.note,
  keyId: checkpoint.keyId,
  signedAt: checkpoint.signedAt,
}
