import { sql } from 'drizzle-orm'
import type { Transaction } from '../../../db/client.ts'
import { type EvidenceKind, evidenceKind, evidenceKinds } from '../../domain/evidence/kinds.ts'
import {
  type ChangedItem,
  type ChangedRow,
  changedRows,
  withAccountNames,
} from '../../evidence/queries/changed-items.ts'
import { countPopulation } from '../../evidence/queries/population-page.ts'

/** Positions between which is compared. */
export interface Interval {
  before: number
  after: number
}

/** One kind of one directory: how large it was, and who or what joined, changed and left. */
export interface ChangedPopulation {
  sourceId: string
  source: string
  kind: EvidenceKind
  title: string
  /** What one item is called, in the singular and the plural. */
  itemName: readonly [one: string, many: string]
  countBefore: number
  countAfter: number
  joined: ChangedGroup
  changed: ChangedGroup
  left: ChangedGroup
}

interface ChangedGroup {
  count: number
  /** By name; at most {@link mostShown} of them. */
  items: ChangedItem[]
}

const mostShown = 50

/** The populations in which something joined, changed or left between two positions. */
export async function changedPopulations(
  transaction: Transaction,
  organizationId: string,
  interval: Interval,
  sources: ReadonlyMap<string, string>,
): Promise<ChangedPopulation[]> {
  const found: ChangedPopulation[] = []
  for (const [sourceId, source] of sources) {
    for (const kind of evidenceKinds) {
      const asked = { organizationId, sourceId, kind, ...interval }
      const { joined, changed, left } = await readChanges(transaction, asked)
      if (joined.count + changed.count + left.count === 0) continue
      const { title, itemName } = evidenceKind(kind)
      found.push({
        sourceId,
        source,
        kind,
        title,
        itemName,
        countBefore: await sizeAt(transaction, asked, interval.before),
        countAfter: await sizeAt(transaction, asked, interval.after),
        joined,
        changed,
        left,
      })
    }
  }
  return found
}

interface Asked extends Interval {
  organizationId: string
  sourceId: string
  kind: EvidenceKind
}

async function sizeAt(transaction: Transaction, { organizationId, sourceId, kind }: Asked, position: number) {
  const scope = { sourceId, kind, position, search: '', sort: 'subject' } as const
  return (await countPopulation(transaction, organizationId, scope)).total
}

const isJoined = sql`old.item_hash is null and new.item_hash is not null`
const isLeft = sql`old.item_hash is not null and new.item_hash is null`
const isOther = sql`old.item_hash <> new.item_hash`

/**
 * Every subject that evidence of between the positions says something of, with its item at both: whoever it says nothing
 * of is as before. What is read grows with what changed, not with the population.
 */
const bothSides = ({ organizationId, sourceId, kind, before, after }: Asked) => {
  const heldAt = (position: number) => sql`
    select m.item_hash, m.label
      from state.membership m
     where m.organization_id = ${organizationId} and m.source_id = ${sourceId} and m.kind = ${kind}
       and m.subject_key = named.subject_key and m.from_position <= ${position} and m.to_position > ${position}
     order by m.from_position desc limit 1`
  return sql`(
      select distinct d.subject_key
        from ledger.evidence e
        join ledger.evidence_delta d on d.organization_id = ${organizationId} and d.evidence_id = e.id
       where e.organization_id = ${organizationId} and e.source_id = ${sourceId} and e.kind = ${kind}
         and e.position > ${before} and e.position <= ${after}) named
      left join lateral (${heldAt(before)}) old on true
      left join lateral (${heldAt(after)}) new on true`
}

type Change = 'joined' | 'changed' | 'left'

interface FoundRow extends ChangedRow {
  change: Change
  /** Of its change in all. */
  count: number
}

/** Each change counted, and its first items by name: both sides of a subject are looked up once. */
async function readChanges(transaction: Transaction, asked: Asked): Promise<Record<Change, ChangedGroup>> {
  const { organizationId } = asked
  const rows = await transaction.execute<FoundRow>(sql`
    select d.change, d.count::int, d.subject_key, encode(coalesce(d.new_hash, d.old_hash), 'hex') as hash,
           was.body as before, became.body as after
      from (select named.subject_key, change, coalesce(new.label, old.label) as label,
                   old.item_hash as old_hash, new.item_hash as new_hash, count(*) over (partition by change) as count,
                   row_number() over (partition by change order by coalesce(new.label, old.label), named.subject_key) as place
              from ${bothSides(asked)}
             cross join lateral (
               select case when ${isJoined} then 'joined' when ${isLeft} then 'left' when ${isOther} then 'changed' end) as told(change)
             where change is not null) d
      left join ledger.item_body was on was.organization_id = ${organizationId} and was.hash = d.old_hash
      left join ledger.item_body became on became.organization_id = ${organizationId} and became.hash = d.new_hash
     where d.place <= ${mostShown}
     order by d.label, d.subject_key`)
  const group = async (change: Change): Promise<ChangedGroup> => {
    const own = rows.filter(row => row.change === change)
    return { count: own[0]?.count ?? 0, items: await itemsOf(transaction, asked, own) }
  }
  return { joined: await group('joined'), changed: await group('changed'), left: await group('left') }
}

async function itemsOf(
  transaction: Transaction,
  { organizationId, sourceId, kind, before, after }: Asked,
  rows: readonly ChangedRow[],
): Promise<ChangedItem[]> {
  if (rows.length === 0) return []
  const items = await changedRows(transaction, organizationId, kind, rows)
  if (kind !== 'sign_in_activity') return items
  // Who is gone at the later position is called as at the earlier one.
  const named = await withAccountNames(transaction, organizationId, { sourceId, position: before }, items)
  return withAccountNames(transaction, organizationId, { sourceId, position: after }, named)
}
