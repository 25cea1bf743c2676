import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { events, head } from '../../db/schema/ledger.ts'
import { notFound } from '../errors.ts'
import type { AsOf } from '../ledger/position-at.ts'
import type { PeriodStart } from '../members/auditor-period.ts'

/** Where the log stood as of a moment. */
export interface LedgerHead {
  /** Events up to and including the newest. */
  size: number
  newestPosition: number
  newestAt: Date
  newestLeafHash: string
  /** The first event that may be looked at. */
  oldestPosition: number
  oldestAt: Date
  /** Whether the organization's history is played on a moved clock. */
  isSimulated: boolean
}

export async function readHead(
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
  start: PeriodStart | null,
): Promise<LedgerHead> {
  const [ledger] = await transaction
    .select({ simulated: head.simulated })
    .from(head)
    .where(eq(head.organizationId, organizationId))
  const newest = await eventAt(transaction, organizationId, asOf.position)
  const oldestPosition = start ? start.position + 1 : 0
  const oldest = await eventAt(transaction, organizationId, Math.min(oldestPosition, asOf.position))
  if (!ledger || !newest || !oldest) throw notFound('ledger')
  return {
    size: asOf.position + 1,
    newestPosition: asOf.position,
    newestAt: newest.recordedAt,
    newestLeafHash: newest.leafHash.toString('hex'),
    oldestPosition,
    oldestAt: start?.from ?? oldest.recordedAt,
    isSimulated: ledger.simulated,
  }
}

async function eventAt(transaction: Transaction, organizationId: string, position: number) {
  const [row] = await transaction
    .select({ recordedAt: events.recordedAt, leafHash: events.leafHash })
    .from(events)
    .where(and(eq(events.organizationId, organizationId), eq(events.position, position)))
  return row
}
