import { type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '../../../db/client.ts'
import { type FieldChange, itemChanges } from '../../domain/evidence/item-changes.ts'
import { parseItem } from '../../domain/evidence/items.ts'
import type { EvidenceKind } from '../../domain/evidence/kinds.ts'
import { itemNames } from '../../domain/evidence/population-cells.ts'
import { type Removal, removalWords } from '../../domain/evidence/removal.ts'
import { removalsOf } from './removals.ts'
import { subjectNames } from './subject-names.ts'

export interface ChangedItem {
  subjectKey: string
  /** Null where the body was purged. */
  name: string | null
  login: string | null
  /** What is said where the content is gone; null where it is held. */
  removed: string | null
  /** What differs, of an item that changed. */
  fields: FieldChange[]
}

/** Who and what an evidence row changed, by name; at most {@link mostShown} of each. */
export interface ChangedItems {
  joined: ChangedItem[]
  changed: ChangedItem[]
  left: ChangedItem[]
}

const mostShown = 50

interface EvidenceKey {
  id: string
  sourceId: string
  kind: EvidenceKind
  position: number
}

/** Reads what an evidence row changed from its deltas and the memberships that began and ended with it. */
export async function changedItems(
  transaction: Transaction,
  organizationId: string,
  key: EvidenceKey,
): Promise<ChangedItems> {
  const read = (which: SQL) => readItems(transaction, organizationId, key, which)
  return {
    joined: await read(sql`begun.subject_key is not null and ended.subject_key is null`),
    changed: await read(sql`begun.subject_key is not null and ended.subject_key is not null`),
    left: await read(sql`begun.subject_key is null and ended.subject_key is not null`),
  }
}

async function readItems(
  transaction: Transaction,
  organizationId: string,
  { id, sourceId, kind, position }: EvidenceKey,
  which: SQL,
): Promise<ChangedItem[]> {
  const rows = await transaction.execute<ChangedRow>(sql`
    select d.subject_key, encode(coalesce(begun.item_hash, ended.item_hash), 'hex') as hash, old.body as before, new.body as after
      from ledger.evidence_delta d
      left join state.membership begun on begun.organization_id = ${organizationId} and begun.source_id = ${sourceId}
            and begun.kind = ${kind} and begun.subject_key = d.subject_key and begun.from_position = ${position}
      left join state.membership ended on ended.organization_id = ${organizationId} and ended.source_id = ${sourceId}
            and ended.kind = ${kind} and ended.subject_key = d.subject_key and ended.to_position = ${position}
      left join ledger.item_body old on old.organization_id = ${organizationId} and old.hash = ended.item_hash
      left join ledger.item_body new on new.organization_id = ${organizationId} and new.hash = begun.item_hash
     where d.organization_id = ${organizationId} and d.evidence_id = ${id} and ${which}
     order by coalesce(begun.label, ended.label), d.subject_key
     limit ${mostShown}`)
  const items = await changedRows(transaction, organizationId, kind, rows)
  return kind === 'sign_in_activity'
    ? withAccountNames(transaction, organizationId, { sourceId, position }, items)
    : items
}

/** Of a kind that names nobody itself: what the accounts were called as of a position. */
export async function withAccountNames(
  transaction: Transaction,
  organizationId: string,
  at: { sourceId: string; position: number },
  items: readonly ChangedItem[],
): Promise<ChangedItem[]> {
  const names = await subjectNames(transaction, {
    organizationId,
    ...at,
    kinds: ['user_inventory'],
    subjectKeys: items.map(item => item.subjectKey),
  })
  return items.map(item => {
    const account = names.get(item.subjectKey)
    return account ? { ...item, name: account.name ?? account.login, login: account.login } : item
  })
}

/** A subject whose item is another one: its bodies before and after; null where there was none, or it was purged. */
export interface ChangedRow extends Record<string, unknown> {
  subject_key: string
  /** Of the item after; of one that left, before. In hexadecimal. */
  hash: string
  before: string | null
  after: string | null
}

/** What items were and became, from their bodies; of those that are gone, what removed them. */
export async function changedRows(
  transaction: Transaction,
  organizationId: string,
  kind: EvidenceKind,
  rows: readonly ChangedRow[],
): Promise<ChangedItem[]> {
  const gone = rows.filter(({ before, after }) => before === null && after === null)
  const removals = await removalsOf(
    transaction,
    organizationId,
    gone.map(({ hash }) => hash),
  )
  return rows.map(row => changedItem(kind, row, removals.get(row.hash)))
}

function changedItem(
  kind: EvidenceKind,
  { subject_key: subjectKey, before, after }: ChangedRow,
  removal: Removal | undefined,
): ChangedItem {
  const body = after ?? before
  const names = body === null ? null : itemNames(kind, parseItem(kind, body))
  const isComparable = before !== null && after !== null
  return {
    subjectKey,
    name: names?.name ?? null,
    login: names?.login ?? null,
    removed: names ? null : removalWords(removal),
    fields: isComparable ? itemChanges(JSON.parse(before), JSON.parse(after)) : [],
  }
}
