import { type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import type { ProjectionTables } from './tables.ts'

/** An item of a subject, whose content came or went. */
export interface NamedItem {
  sourceId: string
  kind: string
  subjectKey: string
  /** In hexadecimal. */
  hash: string
}

/** What a row is called by its item's body `b`; where that is gone, by its subject's key. */
export const ownLabel = (subjectKey: SQL) => sql`lower(coalesce(
             b.item ->> 'displayName', b.item ->> 'userDisplayName', b.item ->> 'userPrincipalName',
             ${subjectKey}::text))`
export const ownLogin = sql`lower(b.item ->> 'userPrincipalName')`

/**
 * Whether an account goes on the list of guests by its item's body `b`: what suggestAccountClass takes for a guest, unless
 * it is disabled. An account without a body is none.
 */
export const isListedGuest = (kind: SQL) => sql`${kind} = 'user_inventory' and coalesce(
             (lower(b.item ->> 'userType') = 'guest' or lower(b.item ->> 'userPrincipalName') like '%#ext#%'
               or b.item ->> 'creationType' = 'Invitation' and b.item ->> 'userType' is null)
             and b.item ->> 'accountEnabled' is distinct from 'false', false)`

/** The body of an item as JSON; without a row where it is gone. */
export const bodyOf = (organizationId: string, itemHash: SQL) => sql`
        select i.body::jsonb as item from ledger.item_body i
         where i.organization_id = ${organizationId} and i.hash = ${itemHash}
         limit 1`

/**
 * Names the rows of items anew whose content came or went: lists hold copies of names, and of who is a guest, and these must
 * go with the bodies and come back with them, as a rebuild would make them. Of a kind that names nobody itself the rows follow what
 * their account is called.
 */
export async function nameMembershipAnew(
  transaction: Transaction,
  { membership }: Pick<ProjectionTables, 'membership'>,
  organizationId: string,
  items: readonly NamedItem[],
): Promise<void> {
  if (items.length === 0) return
  const named = sql`jsonb_to_recordset(${JSON.stringify(items)}::jsonb)
      as k("sourceId" uuid, kind text, "subjectKey" uuid, hash text)`
  await transaction.execute(sql`
    update ${membership} m
       set (label, login, is_listed_guest) = (
             select ${ownLabel(sql`m.subject_key`)}, ${ownLogin}, ${isListedGuest(sql`m.kind`)}
               from (select 1) one
               left join lateral (${bodyOf(organizationId, sql`m.item_hash`)}) b on true)
      from ${named}
     where m.organization_id = ${organizationId} and m.source_id = k."sourceId" and m.kind = k.kind
       and m.subject_key = k."subjectKey" and m.item_hash = decode(k.hash, 'hex') and m.kind <> 'sign_in_activity'`)
  await transaction.execute(sql`
    update ${membership} m
       set (label, login) = (
             select coalesce(account.label, ${ownLabel(sql`m.subject_key`)}), coalesce(account.login, ${ownLogin})
               from (select 1) one
               left join lateral (${bodyOf(organizationId, sql`m.item_hash`)}) b on true
               left join lateral (
                 select u.label, u.login
                   from ${membership} u
                  where u.organization_id = ${organizationId} and u.source_id = m.source_id
                    and u.kind = 'user_inventory' and u.subject_key = m.subject_key
                    and u.from_position < m.from_position and u.to_position > m.from_position
                  limit 1) account on true)
      from ${named}
     where m.organization_id = ${organizationId} and m.source_id = k."sourceId" and m.subject_key = k."subjectKey"
       and m.kind = 'sign_in_activity' and k.kind in ('user_inventory', 'sign_in_activity')`)
}
