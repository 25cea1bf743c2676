import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import {
  bodyOf,
  isListedGuest,
  type NamedItem,
  nameMembershipAnew,
  ownLabel,
  ownLogin,
} from './membership-names.ts'
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
 *
 * `after`: of this attachment the deltas up to and with this subject are projected already.
 */
export async function projectMembership(
  transaction: Transaction,
  tables: Pick<ProjectionTables, 'membership'>,
  event: RecordedEvent,
  after: string | null = null,
): Promise<void> {
  if (event.type !== 'EvidenceAttached') return
  await projectDeltas(transaction, tables, event, { after, upTo: null })
  await nameMembershipAnew(transaction, tables, event.organizationId, await returnedItems(transaction, event))
}

/** Subjects of one attachment: those behind `after`, up to and with `upTo`; all where it is null. */
export interface Stretch {
  readonly after: string | null
  readonly upTo: string | null
}

/** What the deltas of an attachment, or of a stretch of it, do to who is in its population. */
export async function projectDeltas(
  transaction: Transaction,
  tables: Pick<ProjectionTables, 'membership'>,
  event: Extract<RecordedEvent, { type: 'EvidenceAttached' }>,
  { after, upTo }: Stretch,
): Promise<void> {
  const { membership } = tables
  const { organizationId, position } = event
  const { sourceId, kind, evidenceId, mode, changes } = event.payload
  const within = sql`d.organization_id = ${organizationId} and d.evidence_id = ${evidenceId}
    ${after === null ? sql`` : sql`and d.subject_key > ${after}::uuid`}
    ${upTo === null ? sql`` : sql`and d.subject_key <= ${upTo}::uuid`}`
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
              where ${within}
                and held.item_hash is distinct from d.item_hash))`)
  await transaction.execute(sql`
    insert into ${membership} (organization_id, source_id, kind, subject_key, from_position, item_hash, label, login,
           is_listed_guest)
    select d.organization_id, ${sourceId}::uuid, ${kind}, d.subject_key, ${position}, d.item_hash,
           coalesce(account.label, ${ownLabel(sql`d.subject_key`)}), coalesce(account.login, ${ownLogin}),
           ${isListedGuest(sql`${kind}`)}
      from ledger.evidence_delta d
      left join lateral (${isAllNew ? nothingHeld : held}) held on true
      left join lateral (${bodyOf(organizationId, sql`d.item_hash`)}) b on true
      left join lateral (${account}) account on true
     where ${within}
       and d.item_hash is not null and held.item_hash is null`)
}

/** Of what the evidence brought, the items whose content had been purged before: wherever they are, it is there again. */
async function returnedItems(
  transaction: Transaction,
  { organizationId, payload: { evidenceId } }: Extract<RecordedEvent, { type: 'EvidenceAttached' }>,
): Promise<readonly NamedItem[]> {
  const returned = await transaction.execute<{ hash: string }>(sql`
    select distinct encode(d.item_hash, 'hex') as hash
      from ledger.evidence_delta d
      join ledger.purged_item p on p.organization_id = ${organizationId} and p.hash = d.item_hash
     where d.organization_id = ${organizationId} and d.evidence_id = ${evidenceId}`)
  if (returned.length === 0) return []
  return transaction.execute<NamedItem & Record<string, unknown>>(sql`
    select distinct e.source_id as "sourceId", e.kind, d.subject_key as "subjectKey", returned.hash
      from jsonb_array_elements_text(${JSON.stringify(returned.map(({ hash }) => hash))}::jsonb) as returned(hash)
      join ledger.evidence_delta d
        on d.organization_id = ${organizationId} and d.item_hash = decode(returned.hash, 'hex')
      join ledger.evidence e on e.organization_id = ${organizationId} and e.id = d.evidence_id`)
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
