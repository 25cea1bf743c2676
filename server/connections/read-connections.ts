import { and, desc, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { connection } from '../../db/schema/state.ts'
import type { ConnectorRegistry } from '../connectors/registry.ts'
import type { KindStatusRow } from '../coverage/kind-status-row.ts'
import { type SecretStanding, secretStanding } from '../domain/connection/secret-expiry.ts'
import { attentionTitle } from '../domain/connection/words.ts'
import type { Freshness } from '../domain/coverage/freshness.ts'
import { notFound } from '../errors.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { holdsAt } from '../projections/range.ts'
import { freshnessOfKinds, type KindStanding, kindStandings, readKindStatuses } from './kind-standing.ts'

export type ConnectionRow = typeof connection.$inferSelect

/** A connection as it stood at a moment. */
export interface ConnectionStanding {
  id: string
  connector: { id: string; name: string }
  externalTenantId: string
  clientId: string
  cloud: string
  cloudName: string
  status: 'connected' | 'needs_attention' | 'revoked'
  attention: { remedy: string; title: string; explanation: string; code: string | null } | null
  connectedAt: Date
  authorizedAt: Date
  revokedAt: Date | null
  secret: SecretStanding
  missingScopes: string[]
  excessScopes: string[]
  freshness: Freshness
  lastSuccessAt: Date | null
  staleAt: Date | null
  kinds: KindStanding[]
}

/** An organization's connections as of a moment: those that stand first, the newest first. */
export async function listConnections(
  connectors: ConnectorRegistry,
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
): Promise<ConnectionStanding[]> {
  const rows = await transaction
    .select()
    .from(connection)
    .where(holdsAt(connection, organizationId, asOf.position))
    .orderBy(desc(connection.connectedAt))
  const sourceIds = [...new Set(rows.map(row => row.sourceId))]
  const statuses = await readKindStatuses(transaction, organizationId, asOf.position, sourceIds)
  const standings = rows.map(row => standingOf(connectors, row, statuses.get(row.id) ?? [], asOf.instant))
  return standings.sort((one, other) => Number(one.status === 'revoked') - Number(other.status === 'revoked'))
}

/** One connection as of a moment, with its row. @throws {AppError} not_found, also where it was not yet connected */
export async function readConnection(
  connectors: ConnectorRegistry,
  transaction: Transaction,
  organizationId: string,
  connectionId: string,
  asOf: AsOf,
): Promise<{ row: ConnectionRow; standing: ConnectionStanding }> {
  const [row] = await transaction
    .select()
    .from(connection)
    .where(and(holdsAt(connection, organizationId, asOf.position), eq(connection.id, connectionId)))
  if (!row) throw notFound('connection')
  const statuses = await readKindStatuses(transaction, organizationId, asOf.position, [row.sourceId])
  return { row, standing: standingOf(connectors, row, statuses.get(row.id) ?? [], asOf.instant) }
}

function standingOf(
  connectors: ConnectorRegistry,
  row: ConnectionRow,
  statuses: readonly KindStatusRow[],
  at: Date,
): ConnectionStanding {
  const { manifest } = connectors.get(row.connector)
  const kinds = kindStandings(manifest, row.cloud, statuses, at)
  const { id, externalTenantId, clientId, cloud, attention, connectedAt, authorizedAt, revokedAt } = row
  return {
    id,
    connector: { id: manifest.id, name: manifest.name },
    externalTenantId,
    clientId,
    cloud,
    cloudName: manifest.clouds.find(candidate => candidate.id === cloud)?.name ?? cloud,
    status: statusOf(row.status),
    attention: attention && {
      remedy: attention.remedy,
      title: attentionTitle(attention),
      explanation: attention.explanation,
      code: attention.code,
    },
    connectedAt,
    authorizedAt,
    revokedAt,
    secret: secretStanding(row.secretExpiresOn, at),
    missingScopes: row.missingScopes,
    excessScopes: row.excessScopes,
    kinds,
    ...freshnessOfKinds(kinds),
  }
}

const statusOf = (status: string): ConnectionStanding['status'] =>
  status === 'revoked' || status === 'needs_attention' ? status : 'connected'
