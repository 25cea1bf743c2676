import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { membership } from '../../db/schema/state.ts'
import { holdsAt } from '../projections/range.ts'
import type { Source } from './read-sources.ts'

/**
 * What each source is called, by id: the domain of who connected it, as the directory's own inventory had it then;
 * the beginning of the directory's id while there is none.
 */
export async function sourceLabels(
  transaction: Transaction,
  organizationId: string,
  position: number,
  sources: readonly Source[],
): Promise<Map<string, string>> {
  const labelled = sources.map(async ({ sourceId, connection }) => {
    const [account] = await transaction
      .select({ login: membership.login })
      .from(membership)
      .where(
        and(
          holdsAt(membership, organizationId, position),
          eq(membership.sourceId, sourceId),
          eq(membership.kind, 'user_inventory'),
          eq(membership.subjectKey, connection.authorizedBy),
        ),
      )
    const domain = account?.login?.split('@')[1]
    return [sourceId, domain ?? `directory ${connection.externalTenantId.slice(0, 8)}`] as const
  })
  return new Map(await Promise.all(labelled))
}
