import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import { open } from './range.ts'

/**
 * Who and what is in each population when, from the deltas of the attached evidence. In a feed nothing leaves: an
 * item ends only where the same id came back different.
 */
export async function projectMembership(transaction: Transaction, event: RecordedEvent): Promise<void> {
  if (event.type !== 'EvidenceAttached') return
  const { organizationId, position } = event
  const { sourceId, kind, evidenceId } = event.payload
  await transaction.execute(sql`
    update state.membership m set to_position = ${position}
      from ledger.evidence_delta d
     where d.organization_id = ${organizationId} and d.evidence_id = ${evidenceId}
       and m.organization_id = ${organizationId} and m.source_id = ${sourceId} and m.kind = ${kind}
       and m.subject_key = d.subject_key and m.to_position = ${open}
       and m.item_hash is distinct from d.item_hash`)
  await transaction.execute(sql`
    insert into state.membership (organization_id, source_id, kind, subject_key, from_position, item_hash, label, login)
    select d.organization_id, ${sourceId}::uuid, ${kind}, d.subject_key, ${position}, d.item_hash,
           lower(coalesce(b.body::json ->> 'displayName', b.body::json ->> 'userDisplayName',
                          b.body::json ->> 'userPrincipalName', d.subject_key::text)),
           lower(b.body::json ->> 'userPrincipalName')
      from ledger.evidence_delta d
      left join ledger.item_body b on b.organization_id = ${organizationId} and b.hash = d.item_hash
      left join state.membership m on m.organization_id = ${organizationId} and m.source_id = ${sourceId}
            and m.kind = ${kind} and m.subject_key = d.subject_key and m.to_position = ${open}
     where d.organization_id = ${organizationId} and d.evidence_id = ${evidenceId}
       and d.item_hash is not null and m.subject_key is null`)
}
