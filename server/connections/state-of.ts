import { type ConnectionState, evolveConnection, initialConnection } from '../domain/connection/connection.ts'
import { notFound } from '../errors.ts'
import type { Unit } from '../ledger/ledger.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'

/**
 * A connection as its stream tells it, with the stream's version and the position since which its credential stands.
 * @throws {AppError} not_found
 */
export async function connectionStateOf(
  unit: Unit,
  connectionId: string,
): Promise<{ state: ConnectionState; version: number; renewedAt: number }> {
  const events = (await unit.load(connectionId)).filter(isConnectionEvent)
  if (events.length === 0) throw notFound('connection')
  const renewal = events.findLast(({ type }) => renewals.includes(type))
  return {
    state: events.reduce(evolveConnection, initialConnection),
    version: events.length,
    renewedAt: renewal?.position ?? -1,
  }
}

const renewals: readonly string[] = [
  'ConnectionConnected',
  'ConnectionReauthorized',
  'ClientSecretReplaced',
] satisfies ConnectionRecord['type'][]

type ConnectionRecord = Extract<
  RecordedEvent,
  {
    type:
      | 'ConnectionConnected'
      | 'ConnectionReauthorized'
      | 'ClientSecretReplaced'
      | 'ClientSecretExpiryNoticed'
      | 'GrantedScopesChanged'
      | 'ReauthorizationRequired'
      | 'ConnectionBecameStale'
      | 'ConnectionRecovered'
      | 'ConnectionRevoked'
  }
>

/** Whether an event is one of a connection’s own stream. */
export function isConnectionEvent(event: RecordedEvent): event is ConnectionRecord {
  switch (event.type) {
    case 'ConnectionConnected':
    case 'ConnectionReauthorized':
    case 'ClientSecretReplaced':
    case 'ClientSecretExpiryNoticed':
    case 'GrantedScopesChanged':
    case 'ReauthorizationRequired':
    case 'ConnectionBecameStale':
    case 'ConnectionRecovered':
    case 'ConnectionRevoked':
      return true
    default:
      return false
  }
}
