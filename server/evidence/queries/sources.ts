import { desc } from 'drizzle-orm'
import type { Transaction } from '../../../db/client.ts'
import { connection } from '../../../db/schema/state.ts'
import { offeredKinds } from '../../connectors/offered.ts'
import type { EvidenceKind } from '../../domain/evidence/kinds.ts'
import { AppError, notFound } from '../../errors.ts'
import { holdsAt } from '../../projections/range.ts'
import type { Services } from '../../services.ts'

/** A directory that evidence comes from, with its newest connection as of a position. */
export interface Source {
  sourceId: string
  connectionId: string
  connectorName: string
  externalTenantId: string
  status: string
  connectedAt: Date
  /** The kinds that its connector reads in its cloud. */
  kinds: readonly EvidenceKind[]
}

/** Every source that was ever connected, the newest connection first. */
export async function listSources(
  { connectors }: Pick<Services, 'connectors'>,
  transaction: Transaction,
  organizationId: string,
  position: number,
): Promise<Source[]> {
  const rows = await transaction
    .select()
    .from(connection)
    .where(holdsAt(connection, organizationId, position))
    .orderBy(desc(connection.connectedAt))
  const newest = rows.filter(
    (row, index) => rows.findIndex(other => other.sourceId === row.sourceId) === index,
  )
  return newest.map(row => {
    const { manifest } = connectors.get(row.connector)
    return {
      sourceId: row.sourceId,
      connectionId: row.id,
      connectorName: manifest.name,
      externalTenantId: row.externalTenantId,
      status: row.status,
      connectedAt: row.connectedAt,
      kinds: offeredKinds(manifest, row.cloud),
    }
  })
}

/** The source that was asked for; without a wish the one connected last. @throws {AppError} not_found */
export function chooseSource(sources: readonly Source[], sourceId: string | undefined): Source {
  const chosen = sourceId === undefined ? sources[0] : sources.find(source => source.sourceId === sourceId)
  if (!chosen) throw sourceId === undefined ? nothingConnected() : notFound('directory')
  return chosen
}

/** A source as pages choose between them. */
export const sourceShown = ({ kinds: _, ...source }: Source): Omit<Source, 'kinds'> => source

const nothingConnected = () =>
  new AppError('not_found', 'no source yet', {
    userMessage: 'No directory is connected at this moment, so there is nothing of this kind.',
  })
