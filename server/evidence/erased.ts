import type { Database } from '../../db/client.ts'
import { erasure } from '../../db/schema/state.ts'
import { isOpen } from '../projections/range.ts'

/**
 * Who is erased now, by subject key. A run that read this before an erasure attaches nothing: the erasure takes its
 * connection from it.
 */
export async function loadErased(database: Database, organizationId: string): Promise<ReadonlySet<string>> {
  const rows = await database.withOrganization(organizationId, transaction =>
    transaction
      .select({ subjectKey: erasure.subjectKey })
      .from(erasure)
      .where(isOpen(erasure, organizationId)),
  )
  return new Set(rows.map(({ subjectKey }) => subjectKey))
}
