import { sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import type { EvidenceKind } from '../domain/evidence/kinds.ts'
import { open } from '../projections/range.ts'
import { entriesInPage, SubjectEntries } from './subject-entries.ts'

/**
 * Who and what is in a kind's population now, in the order of the keys, by keyset pages. The database lays each page
 * out as it is kept: a row of its own for every subject would cost more than all the rest of an unchanged sync.
 *
 * What is held without its content (the person was erased, or the source came back after its time) counts as held
 * otherwise, so that it is stored again where the source still has it.
 */
export async function loadHeldItems(
  database: Database,
  organizationId: string,
  sourceId: string,
  kind: EvidenceKind,
): Promise<SubjectEntries> {
  const held = new SubjectEntries()
  const hash = (await wasPurged(database, organizationId)) ? hashOfHeldBody(organizationId) : sql`m.item_hash`
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const [row] = await database.withOrganization(organizationId, transaction =>
      transaction.execute<{ entries: Buffer | null }>(sql`
        select string_agg(uuid_send(m.subject_key) || ${hash}, ''::bytea order by m.subject_key) as entries
          from (select m.subject_key, m.item_hash
                  from state.membership m
                 where m.organization_id = ${organizationId} and m.source_id = ${sourceId} and m.kind = ${kind}
                   and m.to_position = ${open} and m.subject_key > ${after}::uuid
                 order by m.subject_key
                 limit ${entriesInPage}) m`),
    )
    if (!row?.entries) return held
    held.addPage(row.entries)
    if (held.size % entriesInPage !== 0) return held
    after = held.entry(held.size - 1).subjectKey
  }
}

/** Most organizations never purged anything: they are spared the look at each body. */
async function wasPurged(database: Database, organizationId: string): Promise<boolean> {
  const [row] = await database.withOrganization(organizationId, transaction =>
    transaction.execute<{ found: boolean }>(sql`
      select exists (select from ledger.purged_item p where p.organization_id = ${organizationId}) as found`),
  )
  return row?.found ?? false
}

/** No item hashes to nothing but zeros. */
const hashOfHeldBody = (organizationId: string) => sql`
  case when exists (select from ledger.item_body b
                     where b.organization_id = ${organizationId} and b.hash = m.item_hash)
       then m.item_hash else decode(repeat('00', 32), 'hex') end`
