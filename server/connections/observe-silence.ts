import { and, eq, inArray } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { connection, kindStatus } from '../../db/schema/state.ts'
import { absentKinds } from '../connectors/offered.ts'
import { decideConnection } from '../domain/connection/connection.ts'
import { kindEvidence } from '../domain/coverage/kind-evidence.ts'
import { type Silence, silenceOf } from '../domain/coverage/silence.ts'
import type { Unit } from '../ledger/ledger.ts'
import { lockHead } from '../ledger/lock-head.ts'
import { isOpen } from '../projections/range.ts'
import type { Services } from '../services.ts'
import { connectionStateOf } from './state-of.ts'

type Watching = Pick<Services, 'connectors' | 'queue'>

/**
 * Records that a connection has turned stale, or that everything comes again: what the clock and the evidence of this
 * transaction say and the ledger does not yet. Once for an outage, whoever looks.
 * @returns when it turns stale if nothing comes; null where it is stale, revoked or nothing is expected of it
 */
export async function observeSilence(
  { connectors }: Pick<Watching, 'connectors'>,
  unit: Unit,
  connectionId: string,
): Promise<Date | null> {
  const { transaction, organizationId, now } = unit
  const [known] = await readSilences({ connectors }, transaction, { organizationId, at: now, connectionId })
  if (!known) return null
  const { state, version } = await connectionStateOf(unit, connectionId)
  if (state.status === 'revoked') return null
  const { silence } = known
  const events = decideConnection({ type: 'observe_silence', silence }, state)
  await unit.append({ type: 'connection', id: connectionId }, version, events)
  return silence.kinds.length > 0 ? null : silence.staleAt
}

/** The same in a command of its own, at one time for an organization: a success that comes meanwhile is seen. */
export async function watchConnection(
  services: Watching & Pick<Services, 'ledger'>,
  { organizationId, connectionId }: { organizationId: string; connectionId: string },
): Promise<void> {
  await services.ledger.command(organizationId, 'system:sweep', async unit => {
    await lockHead(unit)
    const staleAt = await observeSilence(services, unit, connectionId)
    if (staleAt) await watchAt(services, unit, connectionId, staleAt)
  })
}

/** Has the connection looked at when it turns stale. Where a look waits already, that one finds the next moment itself. */
export async function watchAt(
  { queue }: Pick<Watching, 'queue'>,
  { transaction, organizationId }: Pick<Unit, 'transaction' | 'organizationId'>,
  connectionId: string,
  staleAt: Date,
): Promise<void> {
  // Exactly at its threshold evidence is still fresh.
  const startAfter = new Date(staleAt.getTime() + 1)
  const payload = { organizationId, connectionId }
  await queue.enqueue(transaction, 'watch-connection', payload, { startAfter })
}

/** Connections that are stale by the clock, whether or not that is recorded yet. */
export async function staleConnections(
  services: Pick<Watching, 'connectors'>,
  transaction: Transaction,
  { organizationId, at }: { organizationId: string; at: Date },
): Promise<string[]> {
  const all = await readSilences(services, transaction, { organizationId, at })
  return all.filter(({ silence }) => silence.kinds.length > 0).map(({ connectionId }) => connectionId)
}

/** How long nothing has come of each connection that is not revoked, or of one. */
async function readSilences(
  { connectors }: Pick<Watching, 'connectors'>,
  transaction: Transaction,
  { organizationId, at, connectionId }: { organizationId: string; at: Date; connectionId?: string },
): Promise<{ connectionId: string; silence: Silence }[]> {
  const connections = await transaction
    .select()
    .from(connection)
    .where(
      and(
        isOpen(connection, organizationId),
        inArray(connection.status, ['connected', 'needs_attention']),
        connectionId === undefined ? undefined : eq(connection.id, connectionId),
      ),
    )
  if (connections.length === 0) return []
  const statuses = await transaction
    .select()
    .from(kindStatus)
    .where(
      and(
        isOpen(kindStatus, organizationId),
        inArray(
          kindStatus.sourceId,
          connections.map(({ sourceId }) => sourceId),
        ),
      ),
    )
  return connections.flatMap(({ id, sourceId, connectedAt, connector, cloud }) => {
    const own = statuses.filter(status => status.sourceId === sourceId)
    const evidence = kindEvidence(own, absentKinds(connectors.get(connector).manifest, cloud))
    const silence = silenceOf({ connectedAt, evidence }, at)
    return silence ? [{ connectionId: id, silence }] : []
  })
}
