import { eq } from 'drizzle-orm'
import type { Database, Transaction } from '../../../db/client.ts'
import { head } from '../../../db/schema/ledger.ts'
import type { ProjectionDifference } from '../../../db/schema/state.ts'
import type { Clock } from '../../clock.ts'
import type { ProjectionName } from '../fold/rows.ts'
import { rebuildTables } from '../tables.ts'
import { applyDifference, compareProjection } from './difference.ts'
import { type HeldRebuild, handBackRebuild, holdRebuild, takeRebuild } from './hold.ts'
import { type Progress, replayRest, replayStep } from './replay-step.ts'
import { settleRequests } from './requested.ts'

export interface RebuildOptions {
  organizationId: string
  /** Compares, and changes nothing. */
  isCheck: boolean
  /** How many deltas one transaction takes at most, if not as many as usual. */
  deltasPerStep?: number
  /** Ends it after the present step; what is replayed is kept for the next one. */
  signal?: AbortSignal
  onProgress?: (progress: Progress) => void | Promise<void>
}

export interface RebuildOutcome {
  /** The position that both were compared as of. */
  position: number
  /** By projection; empty where every live row is what the events lead to. */
  differences: Record<string, ProjectionDifference>
}

/**
 * Replays an organization's events into tables beside the live ones, compares the two row by row, and makes the live
 * ones what the events lead to. Whoever reads meanwhile sees the tables as they were before, then as they are after;
 * commands of this organization wait for the last step alone. Interrupted, it goes on where it was the next time.
 * @throws {AppError} conflict, where another process is at it
 */
export async function rebuildProjections(
  { database, clock }: { database: Database; clock: Clock },
  { organizationId, isCheck, deltasPerStep, signal, onProgress }: RebuildOptions,
): Promise<RebuildOutcome> {
  const { held, appliedPosition } = await database.withOrganization(organizationId, async transaction => {
    const taken = await takeRebuild(transaction, organizationId, clock.now())
    if (taken.appliedPosition === null) await emptyTables(transaction, organizationId)
    return taken
  })
  try {
    let progress: Progress = {
      applied: appliedPosition ?? -1,
      last: Number.POSITIVE_INFINITY,
      within: null,
    }
    for (;;) {
      while (progress.applied < progress.last) {
        signal?.throwIfAborted()
        progress = await replayStep(database, held, progress, deltasPerStep)
        await onProgress?.(progress)
      }
      signal?.throwIfAborted()
      const { applied } = progress
      const outcome = await database.withOrganization(organizationId, transaction =>
        finish(transaction, held, { applied, isCheck, finishedAt: clock.now() }),
      )
      if (outcome) return outcome
      progress = { ...progress, last: Number.POSITIVE_INFINITY }
    }
  } catch (error) {
    // Whatever went wrong, the next one may go on at once. A lease that cannot be given back ends by itself.
    await handBackRebuild(database, held).catch(() => undefined)
    throw error
  }
}

/**
 * The last events, the comparison and what follows from it, in one transaction that keeps events from being appended. Null
 * where too much came since the last step: that is replayed as everything before, and commands do not wait for it.
 */
async function finish(
  transaction: Transaction,
  held: HeldRebuild,
  { applied, isCheck, finishedAt }: { applied: number; isCheck: boolean; finishedAt: Date },
): Promise<RebuildOutcome | null> {
  const { organizationId } = held
  await holdRebuild(transaction, held)
  await keepEventsFromComing(transaction, organizationId)
  const position = await replayRest(transaction, organizationId, applied)
  if (position === null) return null
  const differences: Record<string, ProjectionDifference> = {}
  for (const name of projectionNames) {
    const difference = await compareProjection(transaction, organizationId, name)
    if (!difference) continue
    differences[name] = difference
    if (!isCheck) await applyDifference(transaction, organizationId, name)
  }
  await emptyTables(transaction, organizationId)
  await settleRequests(transaction, organizationId, isCheck)
  await holdRebuild(transaction, held, {
    status: isCheck ? 'checked' : 'rebuilt',
    appliedPosition: position,
    differences,
    finishedAt,
  })
  return { position, differences }
}

/** An append takes the head for itself alone and waits; readers of a young instant share it as well and do not. */
async function keepEventsFromComing(transaction: Transaction, organizationId: string) {
  await transaction
    .select({ size: head.size })
    .from(head)
    .where(eq(head.organizationId, organizationId))
    .for('share')
}

/** Sent together: none of them rests on another. */
async function emptyTables(transaction: Transaction, organizationId: string) {
  await Promise.all(
    projectionNames.map(name => {
      const table = rebuildTables[name]
      return transaction.delete(table).where(eq(table.organizationId, organizationId))
    }),
  )
}

const projectionNames = Object.keys(rebuildTables) as readonly ProjectionName[]
