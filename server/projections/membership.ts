import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import { open } from './range.ts'
import type { ProjectionTables } from './tables.ts'

/**
 * Who and what is in each population when, from the deltas of the attached evidence. In a feed nothing leaves: an
 * item ends only where the same id came back different.
 *
 * The transaction has just written the rows that are read here, so that the planner knows nothing of how many there
 * are and would join them by comparing each with each. `lateral … limit 1` leaves it one look-up per row, and of the
 * indexes only those that find one subject at once can serve it: see the table.
 *
 * A kind that names nobody itself is listed by what its account is called at that position.
 */
export async function projectMembership(
  transaction: Transaction,
  { membership }: Pick<ProjectionTables, 'membership'>,
  event: RecordedEvent,
): Promise<void> {
  if (event.type !== 'EvidenceAttached') return
  const { organizationId, position } = event
  const { sourceId, kind, evidenceId, mode, changes } = event.payload
  const isAllNew = mode === 'state' && changes.changed + changes.left === 0
  const held = sql`
      select m.item_hash
        from ${membership} m
       where m.organization_id = ${organizationId} and m.source_id = ${sourceId} and m.kind = ${kind}
         and m.subject_key = d.subject_key and m.to_position = ${open}
       limit 1`
  const account = kind === 'sign_in_activity' ? accountOf(membership, organizationId, sourceId) : noAccount
  // Of a state whose subjects only joined nothing is held: there is nothing to end, and no need to look.
  if (!isAllNew)
    await transaction.execute(sql`
    update ${membership} e set to_position = ${position}
     where e.organization_id = ${organizationId} and e.source_id = ${sourceId} and e.kind = ${kind}
       and e.to_position = ${open}
       and e.subject_key = any(array(
             select d.subject_key
               from ledger.evidence_delta d
              cross join lateral (${held}) held
              where d.organization_id = ${organizationId} and d.evidence_id = ${evidenceId}
                and held.item_hash is distinct from d.item_hash))`)
  await transaction.execute(sql`
    insert into ${membership} (organization_id, source_id, kind, subject_key, from_position, item_hash, label, login)
    select d.organization_id, ${sourceId}::uuid, ${kind}, d.subject_key, ${position}, d.item_hash,
           coalesce(account.label, lower(coalesce(
             b.item ->> 'displayName', b.item ->> 'userDisplayName', b.item ->> 'userPrincipalName',
             d.subject_key::text))),
           coalesce(account.login, lower(b.item ->> 'userPrincipalName'))
      from ledger.evidence_delta d
      left join lateral (${isAllNew ? nothingHeld : held}) held on true
      left join lateral (
        select i.body::jsonb as item from ledger.item_body i
         where i.organization_id = ${organizationId} and i.hash = d.item_hash
         limit 1) b on true
      left join lateral (${account}) account on true
     where d.organization_id = ${organizationId} and d.evidence_id = ${evidenceId}
       and d.item_hash is not null and held.item_hash is null`)
}

const nothingHeld = sql`select null::bytea as item_hash`
const noAccount = sql`select null::text as label, null::text as login`

/** What the subject is called in the inventory of the same source by now. */
const accountOf = (
  membership: ProjectionTables['membership'],
  organizationId: string,
  sourceId: string,
) => sql`
        select u.label, u.login
          from ${membership} u
         where u.organization_id = ${organizationId} and u.source_id = ${sourceId} and u.kind = 'user_inventory'
           and u.subject_key = d.subject_key and u.to_position = ${open}
         limit 1`
