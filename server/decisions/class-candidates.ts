import { type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { listed, loginKey, startsWith } from '../evidence/queries/population-page.ts'
import type { AsOf } from '../ledger/position-at.ts'
import type { AccountClassRow } from '../projections/fold/rows.ts'
import { heldAt } from '../projections/range.ts'

/** Where more accounts than these may be meant, a page is filled soon by looking through them in order. */
const mostCandidates = 2_000

interface Asked {
  organizationId: string
  sourceId: string
  asOf: AsOf
  declared: ReadonlyMap<string, AccountClassRow>
}

/**
 * The accounts that may be of a class, or without one, which hardly any is: the database tells them by what stands in their
 * content, before any of it is read. Null for what many may be, and where many are.
 */
export async function classCandidates(
  transaction: Transaction,
  filter: string,
  { organizationId, sourceId, asOf, declared }: Asked,
): Promise<readonly string[] | null> {
  const sign = signOf(filter, asOf.instant)
  if (sign === null) return null
  const rows = await transaction.execute<{ key: string }>(sql`
    select m.subject_key as key
      from state.membership m
      cross join lateral (
        select i.body from ledger.item_body i
         where i.organization_id = ${organizationId} and i.hash = m.item_hash limit 1) b
     where m.organization_id = ${organizationId} and m.source_id = ${sourceId} and m.kind = 'user_inventory'
       and ${heldAt('m', asOf)} and ${sign}
     limit ${mostCandidates + 1}`)
  const candidates = new Set([...rows.map(({ key }) => key), ...declared.keys()])
  return candidates.size > mostCandidates ? null : [...candidates]
}

/** True of every account that the directory has under a filter, and of few others. Names in content have their quotes escaped. */
function signOf(filter: string, at: Date): SQL | null {
  switch (filter) {
    case 'directory_sync':
      return sql`${listed} and (${startsWith(loginKey, 'sync_')} or ${startsWith(loginKey, 'adtoaadsyncserviceaccount')})`
    case 'future_hire':
      return sql`(${hireDate} >= ${dayBefore(at)} or ${hireDate} <> '' and ${hireDate} !~ '^[0-9]{4}-')`
    case 'open':
      return sql`(m.login like '%#ext#%' and b.body ilike '%"userType":"member"%'
        or b.body not like '%"userType":"Member"%' and b.body not like '%"userType":"Guest"%')`
    default:
      return null
  }
}

const hireDate = sql`left(split_part(b.body, '"employeeHireDate":"', 2), 10)`

/** Dates are compared as texts: whatever zone one is of, it is not more than a day off. */
const dayBefore = (at: Date) => new Date(at.getTime() - 86_400_000).toISOString().slice(0, 10)
