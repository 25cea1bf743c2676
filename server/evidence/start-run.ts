import { and, eq, isNull } from 'drizzle-orm'
import { connection, run, runProgress, stagedBatch } from '../../db/schema/state.ts'
import { observeSilence } from '../connections/observe-silence.ts'
import type { Connector } from '../connectors/contract.ts'
import { offeredKinds } from '../connectors/offered.ts'
import { type Cadence, type EvidenceKind, evidenceKind } from '../domain/evidence/kinds.ts'
import { newId } from '../ledger/ids.ts'
import type { Unit } from '../ledger/ledger.ts'
import { isOpen } from '../projections/range.ts'
import { type JobPayload, queueOf } from '../queue.ts'
import type { Services } from '../services.ts'
import { lockSchedule, takeLease } from './lease.ts'

export interface StartedRun {
  organizationId: string
  connectionId: string
  /** What the run is due to read, and the schedule and lease that it runs by. */
  cadence: Cadence
  sourceId: string
  runId: string
  connector: Connector
  connection: typeof connection.$inferSelect
  kinds: readonly EvidenceKind[]
}

export const syncActor = 'system:sync'

/**
 * Takes the lease and records the start. Null when there is nothing to do: another run holds it, the slot was served
 * already, the connection was revoked or waits for a person, or it reads nothing of the cadence.
 */
export async function startRun(
  services: Services,
  job: JobPayload<'sync'>,
  cadence: Cadence = 'hourly',
): Promise<StartedRun | null> {
  const { organizationId, connectionId, trigger } = job
  const key = { organizationId, connectionId, cadence }
  return services.ledger.command(organizationId, syncActor, async unit => {
    const schedule = await lockSchedule(unit.transaction, key)
    if (!schedule) return null
    if (schedule.isHeld) return comeBackLater(services, unit, job, cadence)
    if (job.dueAt !== null && schedule.dueAt.getTime() !== new Date(job.dueAt).getTime()) return null
    const row = await openConnection(unit, connectionId)
    if (row?.status !== 'connected') return null
    await endUnfinishedRuns(unit, { connectionId, cadence }, interrupted)
    // Nobody may have looked for hours: the outage is told before what ends it.
    await observeSilence(services, unit, connectionId)
    const connector = services.connectors.get(row.connector)
    const kinds = offeredKinds(connector.manifest, row.cloud).filter(
      kind => evidenceKind(kind).cadence === cadence,
    )
    if (kinds.length === 0) return null
    const runId = newId()
    await unit.append({ type: 'run', id: runId }, 0, [
      {
        type: 'SyncStarted',
        payload: { connectionId, sourceId: row.sourceId, runId, trigger, kinds: [...kinds] },
      },
    ])
    await takeLease(unit.transaction, key, runId, services.leaseSeconds)
    return { ...key, sourceId: row.sourceId, runId, connector, connection: row, kinds }
  })
}

/** The holder may be dead: after its lease this job looks again, and ends where the slot was served by then. */
async function comeBackLater(
  services: Services,
  unit: Unit,
  job: JobPayload<'sync'>,
  cadence: Cadence,
): Promise<null> {
  const startAfter = new Date(Date.now() + (services.leaseSeconds + 10) * 1000)
  await services.queue.enqueue(unit.transaction, queueOf(cadence), job, { startAfter })
  return null
}

async function openConnection(unit: Unit, connectionId: string) {
  const [row] = await unit.transaction
    .select()
    .from(connection)
    .where(and(isOpen(connection, unit.organizationId), eq(connection.id, connectionId)))
  return row
}

/**
 * Ends runs that will not end by themselves, of one cadence or of all: nothing of theirs was attached, and the ledger
 * says why.
 */
export async function endUnfinishedRuns(
  unit: Unit,
  { connectionId, cadence }: { connectionId: string; cadence?: Cadence },
  because: { cause: string; explanation: string },
): Promise<void> {
  const { organizationId, transaction } = unit
  const unfinished = await transaction
    .select({ id: run.id, sourceId: run.sourceId })
    .from(run)
    .where(
      and(
        eq(run.organizationId, organizationId),
        eq(run.connectionId, connectionId),
        cadence === undefined ? undefined : eq(run.cadence, cadence),
        isNull(run.finishedPosition),
      ),
    )
  for (const { id, sourceId } of unfinished) {
    const payload = { connectionId, sourceId, runId: id, ...because, kinds: [] }
    await unit.append({ type: 'run', id }, 'any', [{ type: 'SyncFailed', payload }])
    await clearRun(unit, id)
  }
}

const interrupted = {
  cause: 'interrupted',
  explanation: 'The process that ran this sync ended before it was done. Nothing of it was attached.',
}

/** Drops a run's staged items and progress. */
export async function clearRun(
  { transaction, organizationId }: Pick<Unit, 'transaction' | 'organizationId'>,
  runId: string,
): Promise<void> {
  await transaction
    .delete(stagedBatch)
    .where(and(eq(stagedBatch.organizationId, organizationId), eq(stagedBatch.runId, runId)))
  await transaction
    .delete(runProgress)
    .where(and(eq(runProgress.organizationId, organizationId), eq(runProgress.runId, runId)))
}
