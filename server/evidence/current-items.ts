import { and, asc, eq, gt } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { membership } from '../../db/schema/state.ts'
import type { EvidenceKind } from '../domain/evidence/kinds.ts'
import { isOpen } from '../projections/range.ts'
import { SubjectIndex } from './subject-index.ts'

const pageSize = 10_000

/** Who and what is in a kind's population now, loaded by keyset pages. */
export async function loadCurrentItems(
  database: Database,
  organizationId: string,
  sourceId: string,
  kind: EvidenceKind,
): Promise<SubjectIndex> {
  const index = new SubjectIndex()
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const rows = await database.withOrganization(organizationId, transaction =>
      transaction
        .select({ subjectKey: membership.subjectKey, itemHash: membership.itemHash })
        .from(membership)
        .where(
          and(
            isOpen(membership, organizationId),
            eq(membership.sourceId, sourceId),
            eq(membership.kind, kind),
            gt(membership.subjectKey, after),
          ),
        )
        .orderBy(asc(membership.subjectKey))
        .limit(pageSize),
    )
    for (const row of rows) index.add(row.subjectKey, row.itemHash)
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return index
    after = last.subjectKey
  }
}
