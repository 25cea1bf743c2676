import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { suggestAccountClass } from '../domain/account/class.ts'
import type { AccountFact } from '../domain/control/rules/account-rule.ts'
import { parseItem } from '../domain/evidence/items.ts'
import { open } from '../projections/range.ts'

const pageSize = 5_000

/** Every account of a source with its registration record, by keyset pages: a directory never stands in memory. */
export async function* accountFacts(
  transaction: Transaction,
  organizationId: string,
  sourceId: string,
  at: Date,
): AsyncGenerator<AccountFact> {
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const rows = await transaction.execute<{
      key: string
      account: string | null
      registration: string | null
    }>(sql`
      select u.subject_key as key, ub.body as account, rb.body as registration
        from state.membership u
        left join ledger.item_body ub on ub.organization_id = ${organizationId} and ub.hash = u.item_hash
        left join state.membership r on r.organization_id = ${organizationId} and r.source_id = ${sourceId}
              and r.kind = 'mfa_registration' and r.subject_key = u.subject_key and r.to_position = ${open}
        left join ledger.item_body rb on rb.organization_id = ${organizationId} and rb.hash = r.item_hash
       where u.organization_id = ${organizationId} and u.source_id = ${sourceId} and u.kind = 'user_inventory'
         and u.to_position = ${open} and u.subject_key > ${after}::uuid
       order by u.subject_key limit ${pageSize}`)
    for (const row of rows) {
      // A purged body says nothing any more; the recorded verdict stands for that time.
      if (row.account === null) continue
      const user = parseItem('user_inventory', row.account)
      const registration = row.registration === null ? null : parseItem('mfa_registration', row.registration)
      yield { user, registration, class: suggestAccountClass(user, at).class }
    }
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return
    after = last.key
  }
}
