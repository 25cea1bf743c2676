import type { z } from 'zod'
import type { Silence } from '../coverage/silence.ts'
import { DomainRefusal } from '../refusal.ts'
import type {
  clientSecretExpiryNoticed,
  clientSecretReplaced,
  connectionBecameStale,
  connectionConnected,
  connectionReauthorized,
  connectionRecovered,
  connectionRevoked,
  grantedScopesChanged,
  reauthorizationRequired,
} from './events.ts'
import { noticeDue, type SecretNotice } from './secret-expiry.ts'

export type ConnectionEvent =
  | { type: 'ConnectionConnected'; payload: z.infer<typeof connectionConnected> }
  | { type: 'ConnectionReauthorized'; payload: z.infer<typeof connectionReauthorized> }
  | { type: 'ClientSecretReplaced'; payload: z.infer<typeof clientSecretReplaced> }
  | { type: 'ClientSecretExpiryNoticed'; payload: z.infer<typeof clientSecretExpiryNoticed> }
  | { type: 'GrantedScopesChanged'; payload: z.infer<typeof grantedScopesChanged> }
  | { type: 'ReauthorizationRequired'; payload: z.infer<typeof reauthorizationRequired> }
  | { type: 'ConnectionBecameStale'; payload: z.infer<typeof connectionBecameStale> }
  | { type: 'ConnectionRecovered'; payload: z.infer<typeof connectionRecovered> }
  | { type: 'ConnectionRevoked'; payload: z.infer<typeof connectionRevoked> }

type PayloadOf<T extends ConnectionEvent['type']> = Extract<ConnectionEvent, { type: T }>['payload']

export type ConnectionCommand =
  | { type: 'connect'; connection: PayloadOf<'ConnectionConnected'> }
  | {
      type: 'reauthorize'
      externalTenantId: string
      authorization: Omit<PayloadOf<'ConnectionReauthorized'>, 'connectionId'>
    }
  | { type: 'replace_secret'; secretExpiresOn: string | null }
  | { type: 'notice_secret_expiry'; at: Date }
  | { type: 'observe_scopes'; grantedScopes: string[]; missingScopes: string[]; excessScopes: string[] }
  | { type: 'require_attention'; attention: Omit<PayloadOf<'ReauthorizationRequired'>, 'connectionId'> }
  | { type: 'observe_silence'; silence: Silence }
  | { type: 'revoke'; destroyed: string[] }

export interface ConnectionState {
  status: 'none' | 'connected' | 'needs_attention' | 'revoked'
  connection: PayloadOf<'ConnectionConnected'> | null
  attention: PayloadOf<'ReauthorizationRequired'> | null
  /** The last notice given of the present secret's end. */
  noticed: SecretNotice | null
  /** Since when nothing came for too long, as it was recorded; null while something comes. */
  staleSince: string | null
}

export const initialConnection: ConnectionState = {
  status: 'none',
  connection: null,
  attention: null,
  noticed: null,
  staleSince: null,
}

/** Which events a command leads to. No event means that nothing changed. @throws {DomainRefusal} */
export function decideConnection(command: ConnectionCommand, state: ConnectionState): ConnectionEvent[] {
  if (command.type === 'connect') {
    if (state.status !== 'none')
      throw new DomainRefusal('already_connected', 'This connection exists already.')
    return [{ type: 'ConnectionConnected', payload: command.connection }]
  }
  const { connection } = state
  if (!connection || state.status === 'none')
    throw new DomainRefusal('unknown_connection', 'There is no such connection.')
  if (state.status === 'revoked') {
    throw new DomainRefusal(
      'revoked',
      'This connection was revoked and its credential destroyed. Connect anew.',
    )
  }
  const { connectionId } = connection
  switch (command.type) {
    case 'reauthorize':
      if (command.externalTenantId !== connection.externalTenantId) {
        throw new DomainRefusal(
          'wrong_tenant',
          'The sign-in was for another directory than the connected one.',
        )
      }
      return [{ type: 'ConnectionReauthorized', payload: { connectionId, ...command.authorization } }]
    case 'replace_secret':
      return [
        { type: 'ClientSecretReplaced', payload: { connectionId, secretExpiresOn: command.secretExpiresOn } },
      ]
    case 'notice_secret_expiry': {
      const { secretExpiresOn } = connection
      const daysBefore = secretExpiresOn === null ? null : noticeDue(secretExpiresOn, command.at)
      const isSaid = daysBefore === null || (state.noticed !== null && state.noticed <= daysBefore)
      if (isSaid || secretExpiresOn === null) return []
      return [{ type: 'ClientSecretExpiryNoticed', payload: { connectionId, secretExpiresOn, daysBefore } }]
    }
    case 'observe_scopes': {
      const { type: _, ...scopes } = command
      return sameList(scopes.grantedScopes, connection.grantedScopes)
        ? []
        : [{ type: 'GrantedScopesChanged', payload: { connectionId, ...scopes } }]
    }
    case 'require_attention':
      return state.attention?.cause === command.attention.cause
        ? []
        : [{ type: 'ReauthorizationRequired', payload: { connectionId, ...command.attention } }]
    case 'observe_silence': {
      const { lastSuccessAt, staleAt, kinds } = command.silence
      const { sourceId } = connection
      if (state.staleSince !== null) {
        const { staleSince } = state
        return kinds.length > 0
          ? []
          : [{ type: 'ConnectionRecovered', payload: { connectionId, sourceId, staleSince } }]
      }
      if (kinds.length === 0) return []
      return [
        {
          type: 'ConnectionBecameStale',
          payload: {
            connectionId,
            sourceId,
            lastSuccessAt: lastSuccessAt?.toISOString() ?? null,
            staleSince: staleAt.toISOString(),
            kinds: [...kinds],
          },
        },
      ]
    }
    case 'revoke':
      return [
        {
          type: 'ConnectionRevoked',
          payload: { connectionId, sourceId: connection.sourceId, destroyed: command.destroyed },
        },
      ]
  }
}

export function evolveConnection(state: ConnectionState, event: ConnectionEvent): ConnectionState {
  switch (event.type) {
    case 'ConnectionConnected':
      return { ...initialConnection, status: 'connected', connection: event.payload }
    case 'ConnectionReauthorized':
    case 'GrantedScopesChanged': {
      const { grantedScopes, missingScopes, excessScopes } = event.payload
      const connection = state.connection && {
        ...state.connection,
        grantedScopes,
        missingScopes,
        excessScopes,
      }
      return event.type === 'GrantedScopesChanged'
        ? { ...state, connection }
        : {
            ...state,
            status: 'connected',
            connection: connection && { ...connection, authorizedBy: event.payload.authorizedBy },
            attention: null,
          }
    }
    case 'ClientSecretReplaced': {
      const connection = state.connection && {
        ...state.connection,
        secretExpiresOn: event.payload.secretExpiresOn,
      }
      // A new secret mends a broken app registration; a sign-in that was refused stays refused.
      return state.attention?.remedy === 'fix_application'
        ? { ...state, status: 'connected', connection, attention: null, noticed: null }
        : { ...state, connection, noticed: null }
    }
    case 'ClientSecretExpiryNoticed':
      return { ...state, noticed: event.payload.daysBefore }
    case 'ReauthorizationRequired':
      return { ...state, status: 'needs_attention', attention: event.payload }
    case 'ConnectionBecameStale':
      return { ...state, staleSince: event.payload.staleSince }
    case 'ConnectionRecovered':
      return { ...state, staleSince: null }
    case 'ConnectionRevoked':
      return { ...state, status: 'revoked', attention: null, staleSince: null }
  }
}

const sameList = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && one.every((value, index) => value === other[index])
