import type { ConnectorManifest } from '../connectors/contract.ts'
import { offeredKinds } from '../connectors/offered.ts'
import { type Cadence, cadences, evidenceKind } from '../domain/evidence/kinds.ts'
import { nextRun } from '../domain/run/schedule.ts'
import type { Unit } from '../ledger/ledger.ts'
import { queueOf } from '../queue.ts'
import type { Services } from '../services.ts'
import { scheduleSync, spreadOf } from './schedule.ts'

/** The cadences at which a source is read, as its connector and cloud have it. */
export function cadencesOf(manifest: Pick<ConnectorManifest, 'reads'>, cloud: string): Cadence[] {
  const offered = offeredKinds(manifest, cloud).map(kind => evidenceKind(kind).cadence)
  return cadences.filter(cadence => offered.includes(cadence))
}

/**
 * After a sign-in or a new secret: what is read hourly is synced at once; what is read daily where that is due, and
 * otherwise at its time, for which a job waits already.
 * @param schedules the connection's rows as they were locked, before anything was appended
 */
export async function bringSyncs(
  { connectors, queue }: Pick<Services, 'connectors' | 'queue'>,
  { transaction, organizationId, now }: Unit,
  connection: { connectionId: string; connector: string; cloud: string },
  schedules: readonly { cadence: Cadence; dueAt: Date }[],
  trigger: 'connect' | 'manual',
): Promise<void> {
  const { connectionId, connector, cloud } = connection
  for (const cadence of cadencesOf(connectors.get(connector).manifest, cloud)) {
    const key = { organizationId, connectionId, cadence }
    if (cadence === 'hourly') {
      await scheduleSync(transaction, key, nextRun(cadence, now, spreadOf(connectionId, cadence), true))
      await queue.enqueue(transaction, 'sync', { organizationId, connectionId, trigger, dueAt: null })
      continue
    }
    const known = schedules.find(row => row.cadence === cadence)
    const dueAt = known?.dueAt ?? now
    if (dueAt > now) continue
    if (!known) await scheduleSync(transaction, key, dueAt)
    // By its slot: should a run of it be under way, this job finds the slot served.
    const job = { organizationId, connectionId, trigger, dueAt: dueAt.toISOString() }
    await queue.enqueue(transaction, queueOf(cadence), job)
  }
}
