import type { Transaction } from '../../db/client.ts'
import { readLogHead } from '../ledger/checkpoints.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type Due, type DueItem, dueItems } from './due-items.ts'
import type { HeldPurge, PurgeCounts } from './purge-lease.ts'
import { type Batch, type PurgeCause, removeBodies } from './remove-bodies.ts'

/** Items listed at once, and removed in one transaction: a batch makes the organization's appends wait. */
const listed = 20_000
const batchSize = 1_000

/** What is to go, and why. */
export interface PurgeOrder {
  cause: PurgeCause
  /** Null where nothing can be due. */
  due: (transaction: Transaction) => Promise<Due | null>
  isStillDue?: Batch['isStillDue']
}

/** Lists what is due and removes it, page by page and batch by batch. */
export async function purgeAll(
  ledger: Ledger,
  held: HeldPurge,
  signal: AbortSignal,
  { cause, due, isStillDue }: PurgeOrder,
): Promise<PurgeCounts> {
  const { organizationId } = held
  const counts = { removed: 0, kept: 0 }
  for (let after = ''; ; ) {
    signal.throwIfAborted()
    const { items, size } = await ledger.database.withSnapshot(organizationId, async transaction => {
      const condition = await due(transaction)
      return {
        items: condition
          ? await dueItems(transaction, organizationId, condition, { after, limit: listed })
          : [],
        ...(await readLogHead(transaction, organizationId)),
      }
    })
    for (const batch of inBatches(items)) {
      signal.throwIfAborted()
      counts.kept += batch.kept.count
      counts.removed += await removeBodies(ledger, held, {
        ...batch,
        cause,
        size,
        ...(isStillDue ? { isStillDue } : {}),
      })
    }
    const last = items.at(-1)
    if (!last || items.length < listed) return counts
    after = last.hash
  }
}

/** What seals hold is told with the batch in whose place it stands; at the end, with the last that removes something. */
function inBatches(items: readonly DueItem[]): Pick<Batch, 'items' | 'kept'>[] {
  const free = items.filter(({ sealedBy }) => sealedBy === null)
  const sealed = items.flatMap(({ sealedBy }) => (sealedBy === null ? [] : [sealedBy]))
  const none = { count: 0, assessments: [] }
  const kept = { count: sealed.length, assessments: [...new Set(sealed)].sort() }
  const starts = Array.from({ length: Math.ceil(free.length / batchSize) }, (_, index) => index * batchSize)
  return starts.map((start, index) => ({
    items: free.slice(start, start + batchSize),
    kept: index === starts.length - 1 ? kept : none,
  }))
}
