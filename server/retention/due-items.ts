import { and, desc, eq, lt, type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { events } from '../../db/schema/ledger.ts'
import { endedSources } from '../domain/retention/ended-sources.ts'
import { readEventsOf } from '../ledger/read.ts'
import { heldBySeal } from './seal-end.ts'

/** An item whose content may go, with every membership that named it. */
export interface DueItem {
  /** In hexadecimal. */
  readonly hash: string
  /** The assessment that holds it; null where none does, or not any more. */
  readonly sealedBy: string | null
  readonly subjects: readonly ItemSubject[]
}

/** A subject of a population. */
export interface ItemSubject {
  readonly sourceId: string
  readonly kind: string
  readonly subjectKey: string
}

/** What a purge may take, as a condition on `ledger.item_body b`. */
export type Due = SQL

/**
 * Items whose last membership ended before an instant. A membership of a state ends where the subject's item is another
 * one or none; of a feed, with the window that listed it; of a source that is no longer connected, with its revocation.
 *
 * Told from the ledger alone, never from projections: those can be dropped and made again, what this takes cannot.
 */
export async function endedBefore(
  transaction: Transaction,
  organizationId: string,
  before: Date,
): Promise<Due | null> {
  const [last] = await transaction
    .select({ position: events.position })
    .from(events)
    .where(and(eq(events.organizationId, organizationId), lt(events.recordedAt, before)))
    .orderBy(desc(events.recordedAt), desc(events.position))
    .limit(1)
  if (!last) return null
  const changes = ['ConnectionConnected', 'ConnectionRevoked'] as const
  const ended = [...endedSources(await readEventsOf(transaction, organizationId, changes))]
    .filter(([, at]) => at < before)
    .map(([sourceId]) => sourceId)
  const isLive = sql`e.source_id <> all(string_to_array(${ended.join()}, ',')::uuid[])`
  const deltas = sql`
      from ledger.evidence_delta d
      join ledger.evidence e on e.organization_id = ${organizationId} and e.id = d.evidence_id
     where d.organization_id = ${organizationId}`
  return sql`not exists (
    select from (
      select d.item_hash ${deltas} and e.mode = 'state' and ${isLive} and e.position > ${last.position}
      union all
      select held.item_hash
        from (select distinct on (e.source_id, e.kind, d.subject_key) d.item_hash ${deltas}
                 and e.mode = 'state' and ${isLive} and e.position <= ${last.position}
               order by e.source_id, e.kind, d.subject_key, e.position desc) held
      union all
      select d.item_hash ${deltas} and e.mode = 'feed'
         and coalesce(e.window_to, e.collected_to) >= ${before.toISOString()}::timestamptz
    ) alive where alive.item_hash = b.hash)`
}

/** The next items that are due, in the order of their hashes. */
export async function dueItems(
  transaction: Transaction,
  organizationId: string,
  due: Due,
  { after, limit }: { after: string; limit: number },
): Promise<DueItem[]> {
  const rows = await transaction.execute<{
    hash: string
    sealed_by: string | null
    subjects: ItemSubject[]
  }>(sql`
    with due as (
      select b.hash, case when ${heldBySeal} then b.sealed_by end as sealed_by
        from ledger.item_body b
       where b.organization_id = ${organizationId} and b.purged_at_position is null
         and b.hash > decode(${after}, 'hex') and ${due}
       order by b.hash
       limit ${limit})
    select encode(due.hash, 'hex') as hash, due.sealed_by,
           jsonb_agg(distinct jsonb_build_object(
             'sourceId', e.source_id, 'kind', e.kind, 'subjectKey', d.subject_key)) as subjects
      from due
      join ledger.evidence_delta d on d.organization_id = ${organizationId} and d.item_hash = due.hash
      join ledger.evidence e on e.organization_id = ${organizationId} and e.id = d.evidence_id
     group by due.hash, due.sealed_by
     order by due.hash`)
  return rows.map(({ hash, sealed_by: sealedBy, subjects }) => ({ hash, sealedBy, subjects }))
}

/** How many bodies would go, and how many stay because approved assessments hold them. */
export async function countDue(
  transaction: Transaction,
  organizationId: string,
  due: Due | null,
): Promise<{ removed: number; kept: number }> {
  if (!due) return { removed: 0, kept: 0 }
  const [counted] = await transaction.execute<{ removed: number; kept: number }>(sql`
    select (count(*) filter (where not ${heldBySeal}))::int as removed,
           (count(*) filter (where ${heldBySeal}))::int as kept
      from ledger.item_body b
     where b.organization_id = ${organizationId} and b.purged_at_position is null and ${due}`)
  return counted ?? { removed: 0, kept: 0 }
}
