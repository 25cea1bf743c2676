import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { connection } from '../../db/schema/state.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import { isOpen } from './range.ts'

type ConnectionRow = typeof connection.$inferSelect

/** Each connection's state over time. */
export async function projectConnection(transaction: Transaction, event: RecordedEvent): Promise<void> {
  if (event.type === 'ConnectionConnected') {
    const { connectionId: id, ...settings } = event.payload
    await transaction.insert(connection).values({
      organizationId: event.organizationId,
      id,
      fromPosition: event.position,
      ...settings,
      status: 'connected',
      attention: null,
      connectedAt: event.recordedAt,
      authorizedAt: event.recordedAt,
    })
    return
  }
  const change = changeBy(event)
  if (change) await replace(transaction, event, change.connectionId, change.apply)
}

/** The open row, closed here and opened again with what the event changed. */
async function replace(
  transaction: Transaction,
  { organizationId, position }: RecordedEvent,
  connectionId: string,
  apply: (row: ConnectionRow) => Partial<ConnectionRow>,
) {
  const [row] = await transaction
    .update(connection)
    .set({ toPosition: position })
    .where(and(isOpen(connection, organizationId), eq(connection.id, connectionId)))
    .returning()
  if (!row) return
  const { toPosition: _, ...kept } = row
  const { toPosition: __, ...changed } = apply(row)
  await transaction.insert(connection).values({ ...kept, ...changed, fromPosition: position })
}

function changeBy(
  event: RecordedEvent,
): { connectionId: string; apply: (row: ConnectionRow) => Partial<ConnectionRow> } | null {
  switch (event.type) {
    case 'ConnectionReauthorized': {
      const { connectionId, ...authorization } = event.payload
      return {
        connectionId,
        apply: () => ({
          ...authorization,
          status: 'connected',
          attention: null,
          authorizedAt: event.recordedAt,
        }),
      }
    }
    case 'GrantedScopesChanged': {
      const { connectionId, ...scopes } = event.payload
      return { connectionId, apply: () => scopes }
    }
    case 'ClientSecretReplaced': {
      const { connectionId, secretExpiresOn } = event.payload
      return {
        connectionId,
        apply: row =>
          row.attention?.remedy === 'fix_application'
            ? { secretExpiresOn, status: 'connected', attention: null }
            : { secretExpiresOn },
      }
    }
    case 'ReauthorizationRequired': {
      const { connectionId, ...attention } = event.payload
      return { connectionId, apply: () => ({ status: 'needs_attention', attention }) }
    }
    case 'ConnectionRevoked':
      return {
        connectionId: event.payload.connectionId,
        apply: () => ({ status: 'revoked', attention: null, revokedAt: event.recordedAt }),
      }
    default:
      return null
  }
}
