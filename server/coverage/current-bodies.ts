import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { type ItemByKind, parseItem } from '../domain/evidence/items.ts'
import type { EvidenceKind } from '../domain/evidence/kinds.ts'
import { lastPositionAt } from '../ledger/position-at.ts'
import { open } from '../projections/range.ts'

/** All items of a kind that is small by nature: policies, settings. In the order of their subject keys. */
export async function currentBodies<K extends EvidenceKind>(
  transaction: Transaction,
  organizationId: string,
  sourceId: string,
  kind: K,
): Promise<ItemByKind[K][]> {
  const rows = await transaction.execute<{ body: string }>(sql`
    select b.body
      from state.membership m
      cross join lateral (
        select i.body from ledger.item_body i
         where i.organization_id = ${organizationId} and i.hash = m.item_hash limit 1) b
     where m.organization_id = ${organizationId} and m.source_id = ${sourceId} and m.kind = ${kind}
       and m.to_position = ${open}
     order by m.subject_key`)
  return rows.map(row => parseItem(kind, row.body))
}

/**
 * Every risky sign-in since then, as it was read last, in the order of their subject keys. A feed only grows: content is
 * looked at of what was read since then.
 */
export async function currentSignIns(
  transaction: Transaction,
  organizationId: string,
  sourceId: string,
  since: Date,
): Promise<{ subjectKey: string; item: ItemByKind['risky_sign_ins'] }[]> {
  const before = await lastReadBefore(transaction, organizationId, since)
  const rows = await transaction.execute<{ subject_key: string; body: string }>(sql`
    select m.subject_key, b.body
      from state.membership m
      cross join lateral (
        select i.body from ledger.item_body i
         where i.organization_id = ${organizationId} and i.hash = m.item_hash limit 1) b
     where m.organization_id = ${organizationId} and m.source_id = ${sourceId} and m.kind = 'risky_sign_ins'
       and m.to_position = ${open} and m.from_position > ${before}
       and (b.body::jsonb ->> 'createdDateTime')::timestamptz >= ${since.toISOString()}::timestamptz
     order by m.subject_key`)
  return rows.map(row => ({ subjectKey: row.subject_key, item: parseItem('risky_sign_ins', row.body) }))
}

/**
 * A position before which nothing was read that happened since then: nothing is read before it happens. The clock of a
 * source may differ from ours, by less than a day.
 */
export const lastReadBefore = (
  transaction: Transaction,
  organizationId: string,
  since: Date,
): Promise<number> => lastPositionAt(transaction, organizationId, new Date(since.getTime() - day))

const day = 86_400_000
