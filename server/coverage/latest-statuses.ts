import { and, desc, eq, lte, type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { kindStatus } from '../../db/schema/state.ts'
import { evidenceKinds } from '../domain/evidence/kinds.ts'
import type { KindStatusRow } from './kind-status-row.ts'

/**
 * Of every source and kind the newest row at or before the position, which is the one that held: one short index walk
 * each, however long the history.
 */
export async function latestStatuses(
  transaction: Transaction,
  {
    organizationId,
    position,
    sourceIds,
  }: { organizationId: string; position: number; sourceIds: readonly string[] },
): Promise<KindStatusRow[]> {
  if (sourceIds.length === 0) return []
  const latest = transaction
    .select()
    .from(kindStatus)
    .where(
      and(
        eq(kindStatus.organizationId, organizationId),
        eq(kindStatus.sourceId, sql`wanted.source_id`),
        eq(kindStatus.kind, sql`wanted.kind`),
        lte(kindStatus.fromPosition, position),
      ),
    )
    .orderBy(desc(kindStatus.fromPosition))
    .limit(1)
    .as('latest')
  const wanted = wantedPairs(sourceIds, evidenceKinds)
  const rows = await transaction
    .select()
    .from(sql`(values ${wanted}) as wanted(source_id, kind)`)
    .crossJoinLateral(latest)
  return rows.map(row => row.latest)
}

/** Each source with each name, as the values of a statement. */
export const wantedPairs = (sourceIds: readonly string[], names: readonly string[]): SQL =>
  sql.join(
    sourceIds.flatMap(sourceId => names.map(name => sql`(${sourceId}::uuid, ${name}::text)`)),
    sql`, `,
  )
