import { and, eq, sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../../db/client.ts'
import { type ProjectionDifference, projectionRebuild } from '../../../db/schema/state.ts'
import { AppError } from '../../errors.ts'
import { newId } from '../../ledger/ids.ts'

/**
 * Another number whenever a fold says something else of the same events: what a rebuild by another version has replayed
 * is not gone on with.
 */
export const projectionsVersion = 3

/** Of the database's own time: a rebuild that says nothing for so long is dead. One step takes far less. */
const lease = sql`statement_timestamp() + interval '60 seconds'`

/** A rebuild that this process holds. */
export interface HeldRebuild {
  readonly organizationId: string
  readonly id: string
  readonly holder: string
}

export interface TakenRebuild {
  readonly held: HeldRebuild
  /** What is replayed already; null where it is begun anew, whatever the tables hold. */
  readonly appliedPosition: number | null
}

/**
 * Takes over an organization's rebuild whose holder is dead, or begins one.
 * @throws {AppError} conflict, where another process is at it
 */
export async function takeRebuild(
  transaction: Transaction,
  organizationId: string,
  now: Date,
): Promise<TakenRebuild> {
  const holder = newId()
  const running = and(
    eq(projectionRebuild.organizationId, organizationId),
    eq(projectionRebuild.status, 'running'),
  )
  const [known] = await transaction
    .select({ id: projectionRebuild.id })
    .from(projectionRebuild)
    .where(running)
  if (!known)
    return { held: await begin(transaction, { organizationId, holder, now }), appliedPosition: null }
  const [found] = await transaction
    .select({
      appliedPosition: projectionRebuild.appliedPosition,
      version: projectionRebuild.version,
      isHeld: sql<boolean>`coalesce(${projectionRebuild.leaseUntil} > statement_timestamp(), false)`,
    })
    .from(projectionRebuild)
    .where(running)
    // Whoever has it locked is in the middle of a step.
    .for('update', { skipLocked: true })
  if (!found || found.isHeld) throw underWay()
  const appliedPosition = found.version === projectionsVersion ? found.appliedPosition : null
  await transaction
    .update(projectionRebuild)
    .set({ holder, leaseUntil: lease, version: projectionsVersion, appliedPosition: appliedPosition ?? -1 })
    .where(running)
  return { held: { organizationId, id: known.id, holder }, appliedPosition }
}

async function begin(
  transaction: Transaction,
  { organizationId, holder, now }: { organizationId: string; holder: string; now: Date },
): Promise<HeldRebuild> {
  const id = newId()
  const begun = await transaction
    .insert(projectionRebuild)
    .values({
      organizationId,
      id,
      startedAt: now,
      status: 'running',
      version: projectionsVersion,
      appliedPosition: -1,
      holder,
      leaseUntil: lease,
    })
    .onConflictDoNothing()
    .returning({ id: projectionRebuild.id })
  if (begun.length === 0) throw underWay()
  return { organizationId, id, holder }
}

/** What a step changes of the record. Nothing, where it only says that it lives. */
export interface RebuildChange {
  appliedPosition?: number
  status?: 'checked' | 'rebuilt'
  differences?: Record<string, ProjectionDifference>
  finishedAt?: Date
}

/**
 * Says that the rebuild lives and how far it is, in the transaction of a step. Locks the record until then.
 * @throws {AppError} conflict, where another process took over: it was silent for too long
 */
export async function holdRebuild(
  transaction: Transaction,
  { organizationId, id, holder }: HeldRebuild,
  change: RebuildChange = {},
): Promise<void> {
  const rows = await transaction
    .update(projectionRebuild)
    .set({ ...change, leaseUntil: lease })
    .where(
      and(
        eq(projectionRebuild.organizationId, organizationId),
        eq(projectionRebuild.id, id),
        eq(projectionRebuild.holder, holder),
        eq(projectionRebuild.status, 'running'),
      ),
    )
    .returning({ id: projectionRebuild.id })
  if (rows.length === 0) throw takenOver()
}

/** Lets an unfinished rebuild go: the next one goes on with it at once. */
export async function handBackRebuild(database: Database, held: HeldRebuild): Promise<void> {
  const { organizationId, id, holder } = held
  await database.withOrganization(organizationId, transaction =>
    transaction
      .update(projectionRebuild)
      .set({ holder: null, leaseUntil: null })
      .where(
        and(
          eq(projectionRebuild.organizationId, organizationId),
          eq(projectionRebuild.id, id),
          eq(projectionRebuild.holder, holder),
        ),
      ),
  )
}

const underWay = () =>
  new AppError('conflict', 'a rebuild of this organization is under way', {
    userMessage:
      'A rebuild of this organization is under way, or its process was killed less than a minute ago. Nothing was changed. Wait until it is done, or try again in a minute.',
  })

const takenOver = () =>
  new AppError('conflict', 'another process took the rebuild over', {
    userMessage:
      'This rebuild was silent for a minute, and another process took it over. Nothing is lost: that one goes on from where this one was.',
  })
