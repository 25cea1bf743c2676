import { setImmediate as nextTurn } from 'node:timers/promises'
import { type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import type { AccountRecords } from '../domain/control/rules/account-rule.ts'
import { parseItem, type UserItem } from '../domain/evidence/items.ts'
import { open } from '../projections/range.ts'
import type { AccountCompanion } from './judge-controls.ts'

const pageSize = 2_000

/**
 * Every account of a source with what the asked kinds have of it, by keyset pages: a directory never stands in memory. The next
 * page is read while this one is judged. Runs right after a first sync, on rows that no statistics know of: `lateral …
 * limit 1` keeps each look-up one by key.
 */
export async function* accountFacts(
  transaction: Transaction,
  organizationId: string,
  sourceId: string,
  companions: readonly AccountCompanion[],
): AsyncGenerator<AccountRecords> {
  const pageAfter = (after: string) => readPage(transaction, { organizationId, sourceId, companions, after })
  let rows = await pageAfter('00000000-0000-0000-0000-000000000000')
  for (;;) {
    const last = rows.at(-1)
    const next = last && rows.length === pageSize ? pageAfter(last.key) : null
    // Looked at when its turn comes.
    next?.catch(() => undefined)
    // Judging leaves the process no time in between: the query would go out after that.
    await nextTurn()
    for (const row of rows) {
      yield {
        // Listed, and without content until the next read: nothing is known of it, which is no pass.
        user: row.account === null ? unknownAccount(row.key) : parseItem('user_inventory', row.account),
        registration: row.registration === null ? null : parseItem('mfa_registration', row.registration),
        activity: row.activity === null ? null : parseItem('sign_in_activity', row.activity),
      }
    }
    if (!next) return
    rows = await next
  }
}

const unknownAccount = (id: string): UserItem => ({
  id,
  displayName: null,
  userPrincipalName: null,
  mail: null,
  userType: null,
  accountEnabled: null,
  createdDateTime: null,
  creationType: null,
  externalUserState: null,
  onPremisesSyncEnabled: null,
  employeeHireDate: null,
  plans: [],
})

interface StoredAccount extends Record<string, unknown> {
  key: string
  account: string | null
  registration: string | null
  activity: string | null
}

interface Asked {
  organizationId: string
  sourceId: string
  companions: readonly AccountCompanion[]
  after: string
}

async function readPage(transaction: Transaction, asked: Asked): Promise<StoredAccount[]> {
  const { organizationId, sourceId, after } = asked
  return transaction.execute<StoredAccount>(sql`
    select u.subject_key as key, ub.body as account, registration.body as registration, activity.body as activity
      from state.membership u
      left join lateral (
        select b.body from ledger.item_body b
         where b.organization_id = ${organizationId} and b.hash = u.item_hash limit 1) ub on true
      ${companionBody(asked, 'mfa_registration', 'registration')}
      ${companionBody(asked, 'sign_in_activity', 'activity')}
     where u.organization_id = ${organizationId} and u.source_id = ${sourceId} and u.kind = 'user_inventory'
       and u.to_position = ${open} and u.subject_key > ${after}::uuid
     order by u.subject_key limit ${pageSize}`)
}

/** What a kind has of the account, where it is asked for; otherwise nothing is looked up. */
function companionBody(
  { organizationId, sourceId, companions }: Asked,
  kind: AccountCompanion,
  alias: 'registration' | 'activity',
): SQL {
  if (!companions.includes(kind)) return sql`cross join (select null::text as body) ${sql.identifier(alias)}`
  const held = sql.identifier(`held_${alias}`)
  return sql`
      left join lateral (
        select m.item_hash from state.membership m
         where m.organization_id = ${organizationId} and m.source_id = ${sourceId} and m.kind = ${kind}
           and m.subject_key = u.subject_key and m.to_position = ${open} limit 1) ${held} on true
      left join lateral (
        select b.body from ledger.item_body b
         where b.organization_id = ${organizationId} and b.hash = ${held}.item_hash limit 1) ${sql.identifier(alias)} on true`
}
