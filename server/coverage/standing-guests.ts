import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { declaredClassAt } from '../domain/account/class-at.ts'
import type { ControlDecisions } from '../domain/control/decisions.ts'
import { parseItem, type UserItem } from '../domain/evidence/items.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { heldAt } from '../projections/range.ts'
import { type GuestList, guestListOf, isOnGuestList } from './guest-list.ts'

interface Asked {
  organizationId: string
  sourceId: string
  asOf: AsOf
}

/**
 * The list of guests as of a moment, as `guestList` makes it of all accounts, from those alone that may be on it. Rows say
 * whom the directory puts there, so that their content stays where it is; it is read of accounts that are declared to be
 * guests.
 */
export async function standingGuests(
  transaction: Transaction,
  asked: Asked,
  { classes }: Pick<ControlDecisions, 'classes'>,
): Promise<GuestList> {
  const at = asked.asOf.instant
  const declaredAt = (key: string) => declaredClassAt(classes.get(key), at)
  const listed = await listedByDirectory(transaction, asked)
  const declared = [...classes.keys()].filter(key => declaredAt(key) === 'guest')
  const accounts = await standingAccounts(transaction, asked, declared)
  return guestListOf([
    ...listed.filter(key => declaredAt(key) === null),
    ...declared.filter(key => accounts.has(key) && accounts.get(key)?.accountEnabled !== false),
  ])
}

/**
 * Whom the directory puts on the list. A row that does not say, since an earlier build wrote it, has it in its content. Keys
 * come as one text: thousands of rows take longer to be handed over than to be found.
 */
async function listedByDirectory(transaction: Transaction, asked: Asked): Promise<string[]> {
  const { organizationId, sourceId, asOf } = asked
  const [row] = await transaction.execute<Record<'told' | 'untold', string | null>>(sql`
    select string_agg(m.subject_key::text, ',' order by m.subject_key) filter (where m.is_listed_guest) as told,
           string_agg(m.subject_key::text, ',') filter (where m.is_listed_guest is null) as untold
      from state.membership m
     where m.organization_id = ${organizationId} and m.source_id = ${sourceId} and m.kind = 'user_inventory'
       and ${heldAt('m', asOf)} and m.is_listed_guest is not false`)
  const accounts = await standingAccounts(transaction, asked, keysIn(row?.untold))
  const untold = [...accounts].filter(
    ([, account]) => account && isOnGuestList(account, undefined, asOf.instant),
  )
  return [...keysIn(row?.told), ...untold.map(([key]) => key)]
}

const keysIn = (text: string | null | undefined): string[] => text?.split(',') ?? []

/** Accounts as they stood, by their keys; null where the content is gone. */
export async function standingAccounts(
  transaction: Transaction,
  { organizationId, sourceId, asOf }: Asked,
  subjectKeys: readonly string[],
): Promise<Map<string, UserItem | null>> {
  if (subjectKeys.length === 0) return new Map()
  const rows = await transaction.execute<{ key: string; body: string | null }>(sql`
    select m.subject_key as key, b.body
      from state.membership m
      left join lateral (
        select i.body from ledger.item_body i
         where i.organization_id = ${organizationId} and i.hash = m.item_hash limit 1) b on true
     where m.organization_id = ${organizationId} and m.source_id = ${sourceId} and m.kind = 'user_inventory'
       and m.subject_key = any(string_to_array(${subjectKeys.join()}, ',')::uuid[]) and ${heldAt('m', asOf)}`)
  return new Map(rows.map(({ key, body }) => [key, body === null ? null : parseItem('user_inventory', body)]))
}
