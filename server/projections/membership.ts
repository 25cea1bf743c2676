import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import { open } from './range.ts'

/**
 * Who and what is in each population when, from the deltas of the attached evidence. In a feed nothing leaves: an
 * item ends only where the same id came back different.
 *
 * The transaction has just written the rows that are read here, so that the planner knows nothing of how many there
 * are and would join them by comparing each with each. `lateral … limit 1` leaves it one look-up per row, and the
 * order, which the primary key alone has, leaves it that index.
 */
export async function projectMembership(transaction: Transaction, event: RecordedEvent): Promise<void> {
  if (event.type !== 'EvidenceAttached') return
  const { organizationId, position } = event
  const { sourceId, kind, evidenceId } = event.payload
  const held = sql`
      select m.item_hash
        from state.membership m
       where m.organization_id = ${organizationId} and m.source_id = ${sourceId} and m.kind = ${kind}
         and m.subject_key = d.subject_key and m.to_position = ${open}
       order by m.from_position desc limit 1`
  await transaction.execute(sql`
    update state.membership e set to_position = ${position}
     where e.organization_id = ${organizationId} and e.source_id = ${sourceId} and e.kind = ${kind}
       and e.to_position = ${open}
       and e.subject_key = any(array(
             select d.subject_key
               from ledger.evidence_delta d
              cross join lateral (${held}) held
              where d.organization_id = ${organizationId} and d.evidence_id = ${evidenceId}
                and held.item_hash is distinct from d.item_hash))`)
  await transaction.execute(sql`
    insert into state.membership (organization_id, source_id, kind, subject_key, from_position, item_hash, label, login)
    select d.organization_id, ${sourceId}::uuid, ${kind}, d.subject_key, ${position}, d.item_hash,
           lower(coalesce(b.body::json ->> 'displayName', b.body::json ->> 'userDisplayName',
                          b.body::json ->> 'userPrincipalName', d.subject_key::text)),
           lower(b.body::json ->> 'userPrincipalName')
      from ledger.evidence_delta d
      left join lateral (${held}) held on true
      left join lateral (
        select i.body from ledger.item_body i
         where i.organization_id = ${organizationId} and i.hash = d.item_hash
         limit 1) b on true
     where d.organization_id = ${organizationId} and d.evidence_id = ${evidenceId}
       and d.item_hash is not null and held.item_hash is null`)
}
