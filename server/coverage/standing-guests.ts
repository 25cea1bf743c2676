import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { declaredClassAt } from '../domain/account/class-at.ts'
import type { ControlDecisions, DeclaredClass } from '../domain/control/decisions.ts'
import { parseItem, type UserItem } from '../domain/evidence/items.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { heldAt } from '../projections/range.ts'
import { isOnGuestList } from './guest-list.ts'

interface Asked {
  organizationId: string
  sourceId: string
  asOf: AsOf
}

export interface StandingGuests {
  readonly count: number
  /** What `guestList` makes of all of them. */
  readonly fingerprint: string
  /** The first of them, in order. */
  readonly first: readonly string[]
}

/**
 * The list of guests as of a moment, as `guestList` makes it of all accounts, from those alone that may be on it. Rows say
 * whom the directory puts there, so that their content stays where it is; it is read of accounts that are declared to be
 * guests, and of rows that do not say, since an earlier build wrote them.
 * @param most how many are named
 */
export async function standingGuests(
  transaction: Transaction,
  asked: Asked,
  { classes }: Pick<ControlDecisions, 'classes'>,
  most = 0,
): Promise<StandingGuests> {
  const at = asked.asOf.instant
  const declaredAt = (key: string) => declaredClassAt(classes.get(key), at)
  const declared = [...classes.keys()].filter(key => declaredAt(key) !== null)
  const told = await listOf(transaction, asked, { declared, added: [], most })
  const unsure = [
    ...declared.filter(key => declaredAt(key) === 'guest'),
    ...told.untold.filter(key => declaredAt(key) === null),
  ]
  const added = [...(await standingAccounts(transaction, asked, unsure))].flatMap(([key, account]) =>
    isAdded(account, classes.get(key), at) ? [key] : [],
  )
  return added.length === 0 ? told : listOf(transaction, asked, { declared, added, most })
}

/** An account whose content is gone is on the list where somebody said that it is a guest. */
const isAdded = (account: UserItem | null, declared: DeclaredClass | undefined, at: Date) =>
  account ? isOnGuestList(account, declared, at) : declaredClassAt(declared, at) === 'guest'

/**
 * What the rows say, without whom people declared to be something, and with those that are added. The database counts and
 * hashes: thousands of keys take longer to be handed over than to be found.
 */
async function listOf(
  transaction: Transaction,
  { organizationId, sourceId, asOf }: Asked,
  { declared, added, most }: { declared: readonly string[]; added: readonly string[]; most: number },
): Promise<StandingGuests & { untold: string[] }> {
  const [row] = await transaction.execute<{
    count: number
    fingerprint: string
    first: string | null
    untold: string | null
  }>(sql`
    with may_be as (
           select m.subject_key, m.is_listed_guest from state.membership m
            where m.organization_id = ${organizationId} and m.source_id = ${sourceId} and m.kind = 'user_inventory'
              and ${heldAt('m', asOf)} and m.is_listed_guest is not false),
         listed as (
           select subject_key from may_be
            where is_listed_guest and subject_key <> all(${keys(declared)})
            union all select unnest(${keys(added)}) order by subject_key)
    select count(*)::int as count,
           encode(sha256(convert_to(coalesce('["' || string_agg(subject_key::text, '","') || '"]', '[]'), 'UTF8')), 'hex')
             as fingerprint,
           (select string_agg(f.subject_key::text, ',') from (select * from listed limit ${most}) f) as first,
           (select string_agg(u.subject_key::text, ',') from may_be u where u.is_listed_guest is null) as untold
      from listed`)
  if (!row) throw new Error('A count has a row.')
  const { count, fingerprint, first, untold } = row
  return { count, fingerprint, first: keysIn(first), untold: keysIn(untold) }
}

const keys = (list: readonly string[]) => sql`string_to_array(${list.join()}, ',')::uuid[]`

const keysIn = (text: string | null): string[] => text?.split(',') ?? []

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
       and m.subject_key = any(${keys(subjectKeys)}) and ${heldAt('m', asOf)}`)
  return new Map(rows.map(({ key, body }) => [key, body === null ? null : parseItem('user_inventory', body)]))
}
