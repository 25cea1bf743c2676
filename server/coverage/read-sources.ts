import { asc } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { connection } from '../../db/schema/state.ts'
import { absentKinds } from '../connectors/offered.ts'
import type { ConnectorRegistry } from '../connectors/registry.ts'
import type { Range } from '../domain/coverage/history.ts'
import type { EvidenceKind } from '../domain/evidence/kinds.ts'
import { holdsAt } from '../projections/range.ts'

export type ConnectionRow = typeof connection.$inferSelect

/** A directory that was ever connected, as of a position: of several connections to it the newest one counts. */
export interface Source {
  readonly sourceId: string
  readonly connection: ConnectionRow
  readonly connectorName: string
  readonly isRevoked: boolean
  /** When it was connected for the first time: from there on it is in scope. */
  readonly since: Date
  /** Each connection to it while it counted: from its beginning to its revocation or the next one. */
  readonly lives: readonly (Range & { readonly connectionId: string })[]
  /** Kinds of which nothing is expected: its connector does not read them, or its cloud does not offer them. */
  readonly absentKinds: readonly EvidenceKind[]
}

/** The sources of an organization as of a position, the longest known first. */
export async function readSources(
  transaction: Transaction,
  organizationId: string,
  position: number,
  connectors: ConnectorRegistry,
): Promise<Source[]> {
  const rows = await transaction
    .select()
    .from(connection)
    .where(holdsAt(connection, organizationId, position))
    .orderBy(asc(connection.connectedAt))
  return [...new Set(rows.map(row => row.sourceId))].flatMap(sourceId => {
    const own = rows.filter(row => row.sourceId === sourceId)
    const [first] = own
    const newest = own.at(-1)
    if (!first || !newest) return []
    const { manifest } = connectors.get(newest.connector)
    return [
      {
        sourceId,
        connection: newest,
        connectorName: manifest.name,
        isRevoked: newest.status === 'revoked',
        since: first.connectedAt,
        lives: own.map((row, index) => lifeOf(row, own[index + 1])),
        absentKinds: absentKinds(manifest, newest.cloud),
      },
    ]
  })
}

function lifeOf(row: ConnectionRow, next: ConnectionRow | undefined) {
  const ends = [row.revokedAt, next?.connectedAt ?? null].filter(end => end !== null)
  const to = ends.length === 0 ? null : new Date(Math.min(...ends.map(end => end.getTime())))
  return { connectionId: row.id, from: row.connectedAt, to }
}
