import { and, eq, lte, or, sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import { purge } from '../../db/schema/state.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ledger/ids.ts'

/** Of the database's own time: a purge that says nothing for so long is dead. One batch takes far less. */
const lease = sql`statement_timestamp() + interval '60 seconds'`

/** The purges of an organization, held by this process. */
export interface HeldPurge {
  readonly organizationId: string
  readonly holder: string
}

/** How often an organization is looked at. */
const pause = 86_400_000

/** The record of an organization's purges, with when the next is due: made with the first look, which is due at once. */
export async function purgeRecord(transaction: Transaction, organizationId: string, now: Date) {
  const find = () => transaction.select().from(purge).where(eq(purge.organizationId, organizationId))
  const [known] = await find()
  if (known) return known
  await transaction.insert(purge).values({ organizationId, dueAt: now }).onConflictDoNothing()
  const [row] = await find()
  if (!row) throw new AppError('internal', 'no record of purges')
  return row
}

/**
 * Takes an organization's purges for this process, those of a dead one included.
 * @throws {AppError} conflict, where another process is at it
 */
export async function takePurge(database: Database, organizationId: string, now: Date): Promise<HeldPurge> {
  const holder = newId()
  return database.withOrganization(organizationId, async transaction => {
    await purgeRecord(transaction, organizationId, now)
    const taken = await transaction
      .update(purge)
      .set({ holder, leaseUntil: lease })
      .where(
        and(
          eq(purge.organizationId, organizationId),
          or(sql`${purge.holder} is null`, lte(purge.leaseUntil, sql`statement_timestamp()`)),
        ),
      )
      .returning({ organizationId: purge.organizationId })
    if (taken.length === 0) throw underWay()
    return { organizationId, holder }
  })
}

/**
 * Says that the purge lives, in the transaction of a batch, and keeps every other from beginning until that commits.
 * @throws {AppError} conflict, where another process took over
 */
export async function holdPurge(
  transaction: Transaction,
  { organizationId, holder }: HeldPurge,
): Promise<void> {
  const rows = await transaction
    .update(purge)
    .set({ leaseUntil: lease })
    .where(and(eq(purge.organizationId, organizationId), eq(purge.holder, holder)))
    .returning({ organizationId: purge.organizationId })
  if (rows.length === 0) throw underWay()
}

/** What a purge came to: bodies removed, and bodies that seals kept. */
export interface PurgeCounts {
  removed: number
  kept: number
}

/** Lets a purge go. One that was done is due again in a day; one that broke off, at once. */
export async function endPurge(
  database: Database,
  { organizationId, holder }: HeldPurge,
  done: { at: Date; counts: PurgeCounts } | null,
): Promise<void> {
  const outcome = done && {
    dueAt: new Date(done.at.getTime() + pause),
    finishedAt: done.at,
    removed: done.counts.removed,
    kept: done.counts.kept,
  }
  await database.withOrganization(organizationId, transaction =>
    transaction
      .update(purge)
      .set({ holder: null, leaseUntil: null, ...outcome })
      .where(and(eq(purge.organizationId, organizationId), eq(purge.holder, holder))),
  )
}

const underWay = () =>
  new AppError('conflict', 'a purge of this organization is under way', {
    userMessage:
      'Another process removes content of this organization, or was killed less than a minute ago. Nothing was changed; what is due goes with it.',
  })
