import type { KnownSource } from '../../coverage/read-coverage.ts'

/** A directory whose connection stood otherwise. Null: it was not connected yet. */
export interface ChangedConnection {
  sourceId: string
  source: string
  connectorName: string
  connectionId: string
  before: ConnectionThen | null
  after: ConnectionThen
}

interface ConnectionThen {
  status: 'connected' | 'needs_attention' | 'revoked'
  grantedScopes: string[]
}

/** The sources whose connection, its standing or its granted scopes differ. A source that was once known stays known. */
export function changedConnections(
  before: readonly KnownSource[],
  after: readonly KnownSource[],
  labels: ReadonlyMap<string, string>,
): ChangedConnection[] {
  return after.flatMap(source => {
    const { sourceId, connectorName, connection } = source
    const old = before.find(each => each.sourceId === sourceId)
    const was = old ? connectionThen(old) : null
    const is = connectionThen(source)
    const isSame =
      old?.connection.id === connection.id &&
      was?.status === is.status &&
      was.grantedScopes.join() === is.grantedScopes.join()
    if (isSame) return []
    const label = labels.get(sourceId) ?? connectorName
    return [{ sourceId, source: label, connectorName, connectionId: connection.id, before: was, after: is }]
  })
}

function connectionThen({ connection: { status, grantedScopes } }: KnownSource): ConnectionThen {
  return {
    status: status === 'revoked' || status === 'needs_attention' ? status : 'connected',
    grantedScopes: [...grantedScopes].sort(),
  }
}
