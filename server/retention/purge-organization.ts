import { and, isNull } from 'drizzle-orm'
import { erasure } from '../../db/schema/state.ts'
import { windowStart } from '../domain/retention/window.ts'
import { AppError } from '../errors.ts'
import { erasureStream, retentionStream } from '../ledger/ids.ts'
import type { Ledger, Unit } from '../ledger/ledger.ts'
import { isOpen } from '../projections/range.ts'
import type { Services } from '../services.ts'
import { deleteOrganization, deletionStage, purgeReleased } from './delete-organization.ts'
import { countDue, endedBefore } from './due-items.ts'
import { commandErasure } from './erase-person.ts'
import { itemsNaming } from './erasure-items.ts'
import { purgeAll } from './purge-all.ts'
import { endPurge, type HeldPurge, holdPurge, type PurgeCounts, takePurge } from './purge-lease.ts'
import { yearsNow } from './years-now.ts'

/**
 * Removes what names people who were erased, and what the retention window has passed. Whatever ends it, what was removed is
 * recorded, and the next one goes on.
 * @throws {AppError} conflict, where another process is at it; unavailable without the purge's own connection
 */
export async function purgeOrganization(
  services: Services,
  organizationId: string,
  signal: AbortSignal,
): Promise<PurgeCounts> {
  const ledger = requirePurgeLedger(services)
  const held = await takePurge(services.database, organizationId, services.clock.now())
  try {
    const counts = await purgeDue(services, ledger, held, signal)
    await endPurge(services.database, held, { at: services.clock.now(), counts })
    if (counts.removed > 0) await sealSoon(services, organizationId)
    return counts
  } catch (error) {
    // Whatever went wrong, the next one may go on at once. A lease that cannot be given back ends by itself.
    await endPurge(services.database, held, null).catch(() => undefined)
    throw error
  }
}

/** A deletion takes all, and comes back for what seals held; otherwise erasures go first, and then what is past its time. */
async function purgeDue(
  services: Services,
  ledger: Ledger,
  held: HeldPurge,
  signal: AbortSignal,
): Promise<PurgeCounts> {
  const deletion = await services.database.withOrganization(held.organizationId, transaction =>
    deletionStage(transaction, held.organizationId, services.clock.now()),
  )
  if (deletion === 'due') return deleteOrganization(services, ledger, held, signal)
  if (deletion === 'done') return purgeReleased(ledger, held, signal)
  const erased = await purgeErased(services, ledger, held, signal)
  const aged = await purgeByTime(ledger, held, signal)
  return { removed: erased + aged.removed, kept: aged.kept }
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

/** The purge's connection may put nothing into the queue; where this is lost the hourly sweep finds it. */
async function sealSoon({ database, queue }: Pick<Services, 'database' | 'queue'>, organizationId: string) {
  await database.withOrganization(organizationId, transaction =>
    queue.enqueue(transaction, 'seal', { organizationId }),
  )
}
