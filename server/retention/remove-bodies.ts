import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import type { EventPayload } from '../domain/events.ts'
import { retentionStream } from '../ledger/ids.ts'
import type { Ledger, Unit } from '../ledger/ledger.ts'
import { lockHead } from '../ledger/lock-head.ts'
import { leafHash, rootHash } from '../ledger/merkle.ts'
import { nameMembershipAnew } from '../projections/membership-names.ts'
import { liveTables, rebuildTables } from '../projections/tables.ts'
import type { DueItem } from './due-items.ts'
import { type HeldPurge, holdPurge } from './purge-lease.ts'
import { heldBySeal } from './seal-end.ts'

const actor = 'system:retention'

type Purged = EventPayload<'ItemsPurged'>

/** Why content goes, as the event says it. */
export type PurgeCause = Pick<Purged, 'reason' | 'before' | 'subjectKey'>

export interface Batch {
  readonly cause: PurgeCause
  readonly items: readonly DueItem[]
  /** What was passed over because approved assessments hold it. */
  readonly kept: Purged['kept']
  /** The items were listed as of this many events. */
  readonly size: number
  /** Looked at once nothing else can be appended: false ends the batch without an effect. */
  readonly isStillDue?: (unit: Unit) => Promise<boolean>
}

/**
 * Removes the content of items for good: one transaction with one event of its own. An item that was sealed, or that
 * evidence named again since it was listed, stays; for the second, a state is told from a feed by nobody here, since the
 * next listing does.
 *
 * Locks come in the order in which the end of a run takes them: bodies, then the head.
 * @returns how many went
 */
export async function removeBodies(ledger: Ledger, held: HeldPurge, batch: Batch): Promise<number> {
  return ledger.command(held.organizationId, actor, async unit => {
    const { transaction, organizationId } = unit
    await holdPurge(transaction, held)
    const free = await lockBodies(transaction, organizationId, batch.items)
    await lockHead(unit)
    if (batch.isStillDue && !(await batch.isStillDue(unit))) return 0
    const named = await namedSince(transaction, organizationId, batch)
    const hashes = free.filter(hash => !named.has(hash))
    if (hashes.length === 0) return 0
    await waitForRebuild(transaction, organizationId)
    const position = await recordPurge(unit, batch, hashes)
    await deleteBodies(transaction, organizationId, hashes, position)
    const going = new Set(hashes)
    const items = batch.items
      .filter(({ hash }) => going.has(hash))
      .flatMap(({ hash, subjects }) => subjects.map(subject => ({ ...subject, hash })))
    for (const tables of [liveTables, rebuildTables]) {
      await nameMembershipAnew(transaction, tables, organizationId, items)
    }
    return hashes.length
  })
}

/** Those that nothing holds: no seal, no run that ends right now, no other purge. In the order of their hashes. */
async function lockBodies(transaction: Transaction, organizationId: string, items: readonly DueItem[]) {
  const rows = await transaction.execute<{ hash: string }>(sql`
    select encode(b.hash, 'hex') as hash
      from ledger.item_body b
     where b.organization_id = ${organizationId} and b.hash = any(${hashesOf(items.map(({ hash }) => hash))})
       and b.purged_at_position is null and not ${heldBySeal}
     order by b.hash
       for update skip locked`)
  return rows.map(({ hash }) => hash)
}

/** The items that evidence names which was attached since they were listed. */
async function namedSince(
  transaction: Transaction,
  organizationId: string,
  { items, size }: Pick<Batch, 'items' | 'size'>,
): Promise<Set<string>> {
  const rows = await transaction.execute<{ hash: string }>(sql`
    select distinct encode(d.item_hash, 'hex') as hash
      from ledger.evidence e
      join ledger.evidence_delta d on d.organization_id = ${organizationId} and d.evidence_id = e.id
     where e.organization_id = ${organizationId} and e.position >= ${size}
       and d.item_hash = any(${hashesOf(items.map(({ hash }) => hash))})`)
  return new Set(rows.map(({ hash }) => hash))
}

/** A step of a rebuild copies names out of bodies: one under way ends first, and the next sees that they are gone. */
async function waitForRebuild(transaction: Transaction, organizationId: string) {
  await transaction.execute(sql`
    select from state.projection_rebuild r
     where r.organization_id = ${organizationId} and r.status = 'running'
       for update`)
}

async function recordPurge(unit: Unit, { cause, kept }: Batch, hashes: readonly string[]): Promise<number> {
  const root = rootHash(hashes.map(hash => leafHash(Buffer.from(hash, 'hex')))).toString('hex')
  const [recorded] = await unit.append(
    { type: 'retention', id: retentionStream(unit.organizationId) },
    'any',
    [{ type: 'ItemsPurged', payload: { ...cause, count: hashes.length, root, kept } }],
  )
  if (!recorded) throw new TypeError('a purge is recorded by one event')
  return recorded.position
}

/** The event is noted for each body, the body marked with it, and then deleted: the database lets nothing else pass. */
async function deleteBodies(
  transaction: Transaction,
  organizationId: string,
  hashes: readonly string[],
  position: number,
) {
  // RETURNING, since a distributed PostgreSQL would copy the rows otherwise, which no policy lets pass.
  await transaction.execute(sql`
    insert into ledger.purged_item (organization_id, hash, position)
    select ${organizationId}::uuid, purged.hash, ${position}::bigint
      from unnest(${hashesOf(hashes)}) as purged(hash)
    returning 1`)
  await transaction.execute(sql`
    update ledger.item_body b set purged_at_position = ${position}
     where b.organization_id = ${organizationId} and b.hash = any(${hashesOf(hashes)})`)
  await transaction.execute(sql`
    delete from ledger.item_body b
     where b.organization_id = ${organizationId} and b.hash = any(${hashesOf(hashes)})`)
}

/** As text: the driver would escape each hash of an array by itself. */
const hashesOf = (hashes: readonly string[]) =>
  sql`string_to_array(${hashes.map(hash => `\\x${hash}`).join()}, ',')::bytea[]`
