import { and, eq, isNull } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { erasure, organizationProfile } from '../../db/schema/state.ts'
import { windowStart } from '../domain/retention/window.ts'
import { AppError, notFound } from '../errors.ts'
import { readLogHead } from '../ledger/checkpoints.ts'
import { erasureStream, retentionStream } from '../ledger/ids.ts'
import type { Ledger, Unit } from '../ledger/ledger.ts'
import { isOpen } from '../projections/range.ts'
import type { Services } from '../services.ts'
import { countDue, type Due, type DueItem, dueItems, endedBefore } from './due-items.ts'
import { commandErasure } from './erase-person.ts'
import { itemsNaming } from './erasure-items.ts'
import { endPurge, type HeldPurge, holdPurge, type PurgeCounts, takePurge } from './purge-lease.ts'
import { type Batch, type PurgeCause, removeBodies } from './remove-bodies.ts'

/** Items listed at once, and removed in one transaction: a batch makes the organization's appends wait. */
const listed = 20_000
const batchSize = 1_000

/**
 * Removes what names people who were erased, and what the retention window has passed. Whatever ends it, what was removed is
 * recorded, and the next one goes on.
 * @throws {AppError} conflict, where another process is at it; unavailable without the purge's own connection
 */
export async function purgeOrganization(
  services: Pick<Services, 'database' | 'clock' | 'queue' | 'ledger' | 'purgeLedger'>,
  organizationId: string,
  signal: AbortSignal,
): Promise<PurgeCounts> {
  const ledger = requirePurgeLedger(services)
  const held = await takePurge(services.database, organizationId, services.clock.now())
  try {
    const erased = await purgeErased(services, ledger, held, signal)
    const aged = await purgeByTime(ledger, held, signal)
    const counts = { removed: erased + aged.removed, kept: aged.kept }
    await endPurge(services.database, held, { at: services.clock.now(), counts })
    if (counts.removed > 0) await sealSoon(services, organizationId)
    return counts
  } catch (error) {
    // Whatever went wrong, the next one may go on at once. A lease that cannot be given back ends by itself.
    await endPurge(services.database, held, null).catch(() => undefined)
    throw error
  }
}

/** @throws {AppError} unavailable */
export function requirePurgeLedger({ purgeLedger }: Pick<Services, 'purgeLedger'>): Ledger {
  if (purgeLedger) return purgeLedger
  throw new AppError('unavailable', 'DATABASE_RETENTION_URL is not set')
}

/** Each erasure that is under way, to its end. @returns how many bodies went */
async function purgeErased(
  { ledger }: Pick<Services, 'ledger'>,
  purgeLedger: Ledger,
  held: HeldPurge,
  signal: AbortSignal,
): Promise<number> {
  const { organizationId } = held
  const underWay = await ledger.database.withOrganization(organizationId, transaction =>
    transaction
      .select({ subjectKey: erasure.subjectKey })
      .from(erasure)
      .where(and(isOpen(erasure, organizationId), isNull(erasure.completedAt))),
  )
  let removed = 0
  for (const { subjectKey } of underWay) {
    const counts = await purgeAll(purgeLedger, held, signal, {
      cause: { reason: 'erasure', before: null, subjectKey },
      due: async () => itemsNaming(organizationId, subjectKey),
    })
    removed += counts.removed
    await requireErased(purgeLedger, organizationId, subjectKey)
    await ledger.command(organizationId, 'system:retention', async unit => {
      await holdPurge(unit.transaction, held)
      const count = await countErased(unit, subjectKey)
      await commandErasure(unit, { type: 'complete', subjectKey, removed: count, kept: counts.kept })
    })
  }
  return removed
}

/** A batch leaves what somebody holds right now: the erasure is not done before that is gone as well. */
async function requireErased({ database }: Ledger, organizationId: string, subjectKey: string) {
  const left = await database.withOrganization(organizationId, transaction =>
    countDue(transaction, organizationId, itemsNaming(organizationId, subjectKey)),
  )
  if (left.removed > 0) throw new AppError('conflict', 'what names a person is in use right now')
}

/** Over every batch there was, also of a purge that broke off: as the events have it. */
async function countErased(unit: Unit, subjectKey: string): Promise<number> {
  const requested = (await unit.load(erasureStream(unit.organizationId, subjectKey))).at(-1)
  const purges = await unit.load(retentionStream(unit.organizationId))
  return purges
    .filter(({ position }) => position > (requested?.position ?? 0))
    .reduce(
      (sum, event) =>
        event.type === 'ItemsPurged' && event.payload.subjectKey === subjectKey
          ? sum + event.payload.count
          : sum,
      0,
    )
}

async function purgeByTime(ledger: Ledger, held: HeldPurge, signal: AbortSignal): Promise<PurgeCounts> {
  const { organizationId } = held
  const years = await ledger.database.withOrganization(organizationId, transaction =>
    yearsNow(transaction, organizationId),
  )
  const before = windowStart(ledger.clock.now(), years)
  return purgeAll(ledger, held, signal, {
    cause: { reason: 'retention', before: before.toISOString(), subjectKey: null },
    due: transaction => endedBefore(transaction, organizationId, before),
    isStillDue: async ({ transaction }) => (await yearsNow(transaction, organizationId)) <= years,
  })
}

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

/** How many years the organization keeps content for. */
export async function yearsNow(transaction: Transaction, organizationId: string): Promise<number> {
  const [profile] = await transaction
    .select({ years: organizationProfile.retentionYears })
    .from(organizationProfile)
    .where(
      and(
        isOpen(organizationProfile, organizationId),
        eq(organizationProfile.organizationId, organizationId),
      ),
    )
  if (!profile) throw notFound('organization')
  return profile.years
}

/** The purge's connection may put nothing into the queue; where this is lost the hourly sweep finds it. */
async function sealSoon({ database, queue }: Pick<Services, 'database' | 'queue'>, organizationId: string) {
  await database.withOrganization(organizationId, transaction =>
    queue.enqueue(transaction, 'seal', { organizationId }),
  )
}
