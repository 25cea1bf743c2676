import { minuteWords } from '../minute-words.ts'
import type { ConnectionEvent } from './connection.ts'

/** One step in a connection's life, in a plain sentence without names. */
export function connectionEventWords(event: ConnectionEvent): string {
  switch (event.type) {
    case 'ConnectionConnected':
      return 'Connected'
    case 'ConnectionReauthorized':
      return 'Authorized again'
    case 'ClientSecretReplaced':
      return event.payload.secretExpiresOn === null
        ? 'Client secret replaced'
        : `Client secret replaced, valid until ${event.payload.secretExpiresOn}`
    case 'ClientSecretExpiryNoticed':
      return `Client secret ends on ${event.payload.secretExpiresOn}, in ${event.payload.daysBefore} days or less`
    case 'GrantedScopesChanged':
      return scopeWords(event.payload)
    case 'ReauthorizationRequired':
      return attentionTitle(event.payload)
    case 'ConnectionBecameStale':
      return `Stale since ${minuteWords(event.payload.staleSince)}: nothing came for too long`
    case 'ConnectionRecovered':
      return 'Everything comes again'
    case 'ConnectionRevoked':
      return `Revoked; destroyed: ${event.payload.destroyed.map(field => credentialNames[field] ?? field).join(', ') || 'nothing was left'}`
  }
}

/** What a refused credential asks for, as a headline. */
export const attentionTitle = ({ remedy }: { remedy: string }): string =>
  remedy === 'fix_application' ? 'The app registration has to be fixed' : 'Somebody has to sign in again'

/** What the vault's fields hold, for people. */
export const credentialNames: Readonly<Record<string, string>> = {
  client_secret: 'the client secret',
  token_cache: 'the access and refresh tokens',
}

function scopeWords({
  missingScopes,
  excessScopes,
}: {
  missingScopes: string[]
  excessScopes: string[]
}): string {
  const parts = [
    ...(missingScopes.length > 0 ? [`missing ${missingScopes.join(', ')}`] : []),
    ...(excessScopes.length > 0 ? [`more than required: ${excessScopes.join(', ')}`] : []),
  ]
  return `Granted permissions changed: ${parts.join('; ') || 'exactly the required ones now'}`
}
