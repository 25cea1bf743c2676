import { setImmediate as nextTurn } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { suggestAccountClass } from '../domain/account/class.ts'
import type { AccountFact } from '../domain/control/rules/account-rule.ts'
import { parseItem } from '../domain/evidence/items.ts'
import { open } from '../projections/range.ts'

const pageSize = 2_000

/**
 * Every account of a source with its registration record, by keyset pages: a directory never stands in memory. The next
 * page is read while this one is judged. Runs right after a first sync, on rows that no statistics know of: `lateral …
 * limit 1` keeps each look-up one by key.
 */
export async function* accountFacts(
  transaction: Transaction,
  organizationId: string,
  sourceId: string,
  at: Date,
): AsyncGenerator<AccountFact> {
  const pageAfter = (subjectKey: string) => readPage(transaction, organizationId, sourceId, subjectKey)
  let rows = await pageAfter('00000000-0000-0000-0000-000000000000')
  for (;;) {
    const last = rows.at(-1)
    const next = last && rows.length === pageSize ? pageAfter(last.key) : null
    // Looked at when its turn comes.
    next?.catch(() => undefined)
    // Judging leaves the process no time in between: the query would go out after that.
    await nextTurn()
    for (const row of rows) {
      // A purged body says nothing any more; the recorded verdict stands for that time.
      if (row.account === null) continue
      const user = parseItem('user_inventory', row.account)
      const registration = row.registration === null ? null : parseItem('mfa_registration', row.registration)
      yield { user, registration, class: suggestAccountClass(user, at).class }
    }
    if (!next) return
    rows = await next
  }
}

interface StoredAccount extends Record<string, unknown> {
  key: string
  account: string | null
  registration: string | null
}

async function readPage(
  transaction: Transaction,
  organizationId: string,
  sourceId: string,
  after: string,
): Promise<StoredAccount[]> {
  return transaction.execute<StoredAccount>(sql`
    select u.subject_key as key, ub.body as account, rb.body as registration
      from state.membership u
      left join lateral (
        select b.body from ledger.item_body b
         where b.organization_id = ${organizationId} and b.hash = u.item_hash limit 1) ub on true
      left join lateral (
        select m.item_hash from state.membership m
         where m.organization_id = ${organizationId} and m.source_id = ${sourceId} and m.kind = 'mfa_registration'
           and m.subject_key = u.subject_key and m.to_position = ${open} limit 1) r on true
      left join lateral (
        select b.body from ledger.item_body b
         where b.organization_id = ${organizationId} and b.hash = r.item_hash limit 1) rb on true
     where u.organization_id = ${organizationId} and u.source_id = ${sourceId} and u.kind = 'user_inventory'
       and u.to_position = ${open} and u.subject_key > ${after}::uuid
     order by u.subject_key limit ${pageSize}`)
}
