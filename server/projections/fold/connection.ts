import type { RecordedEvent } from '../../ledger/recorded-event.ts'
import { amended, type Reducer, succeeded } from './reducer.ts'
import type { ConnectionRow } from './rows.ts'

/** Each connection's state over time. Ids that the source names are kept in lower case, as the tables do. */
export const connectionReducer: Reducer<ConnectionRow> = {
  change(event) {
    const { position, recordedAt } = event
    if (event.type === 'ConnectionConnected') {
      const { connectionId: id, externalTenantId, clientId, authorizedBy, ...settings } = event.payload
      const row: ConnectionRow = {
        id,
        fromPosition: position,
        toPosition: null,
        ...settings,
        externalTenantId: externalTenantId.toLowerCase(),
        clientId: clientId.toLowerCase(),
        authorizedBy: authorizedBy.toLowerCase(),
        status: 'connected',
        attention: null,
        connectedAt: recordedAt,
        authorizedAt: recordedAt,
        revokedAt: null,
      }
      return { subject: [id], rows: newest => succeeded(newest, position, () => row) }
    }
    const amendment = amendmentBy(event)
    return (
      amendment && {
        subject: [amendment.connectionId],
        rows: newest => amended(newest, position, amendment.differing),
      }
    )
  },
  subject: ['id'],
  begin: 'fromPosition',
}

interface Amendment {
  connectionId: string
  differing: (open: ConnectionRow) => Partial<ConnectionRow>
}

function amendmentBy(event: RecordedEvent): Amendment | null {
  switch (event.type) {
    case 'ConnectionReauthorized': {
      const { connectionId, authorizedBy, ...scopes } = event.payload
      const authorized = { authorizedBy: authorizedBy.toLowerCase(), authorizedAt: event.recordedAt }
      return {
        connectionId,
        differing: () => ({ ...scopes, ...authorized, status: 'connected', attention: null }),
      }
    }
    case 'GrantedScopesChanged': {
      const { connectionId, ...scopes } = event.payload
      return { connectionId, differing: () => scopes }
    }
    case 'ClientSecretReplaced': {
      const { connectionId, secretExpiresOn } = event.payload
      return {
        connectionId,
        differing: open =>
          open.attention?.remedy === 'fix_application'
            ? { secretExpiresOn, status: 'connected', attention: null }
            : { secretExpiresOn },
      }
    }
    case 'ReauthorizationRequired': {
      const { connectionId, ...attention } = event.payload
      return { connectionId, differing: () => ({ status: 'needs_attention', attention }) }
    }
    case 'ConnectionRevoked':
      return {
        connectionId: event.payload.connectionId,
        differing: () => ({ status: 'revoked', attention: null, revokedAt: event.recordedAt }),
      }
    default:
      return null
  }
}
