import { type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { evidenceKind, evidenceKinds } from '../domain/evidence/kinds.ts'
import { canonicalText } from '../ledger/canonical.ts'
import { rangeOf, stoodAt } from '../projections/range.ts'
import type { ArchiveScope } from './archive-scope.ts'
import { cursorPages } from './cursor.ts'

/** Who and what was in each population when a period began, by source, kind and subject. */
export async function* openingPopulationLines(
  transaction: Transaction,
  scope: ArchiveScope,
): AsyncGenerator<string[]> {
  const pages = cursorPages<{ item: string; kind: string; source: string; subject: string }>(
    transaction,
    sql`
    select encode(m.item_hash, 'hex') as item, m.kind, m.source_id as source, m.subject_key as subject
      from ${openingMembers(scope)}
     order by m.source_id, m.kind collate "C", m.subject_key`,
    2_000,
  )
  for await (const rows of pages) yield rows.map(row => canonicalText(row))
}

/**
 * The memberships that a period begins with, as a FROM with its WHERE. What a feed brought before stays outside: each of
 * its windows stands alone.
 */
export const openingMembers = ({ organizationId, before }: ArchiveScope): SQL => sql`
      state.membership m
     where m.organization_id = ${organizationId} and m.kind in (${stateKinds})
       and ${stoodAt(rangeOf('m'), before)}`

const stateKinds = sql.join(
  evidenceKinds.filter(kind => evidenceKind(kind).mode === 'state').map(kind => sql`${kind}`),
  sql`, `,
)
