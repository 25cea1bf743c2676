import { type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { evidenceKind, evidenceKinds } from '../domain/evidence/kinds.ts'
import { AppError } from '../errors.ts'
import { open } from '../projections/range.ts'

/**
 * Marks the bodies of every attached population as sealed by the assessment, in one statement. What another approval
 * sealed is held by that one; what a purge has marked is on its way out and counts as gone.
 * @throws {AppError} internal where a population is not what its evidence says: nothing is sealed over such rows
 */
export async function sealBodies(
  transaction: Transaction,
  organizationId: string,
  assessmentId: string,
): Promise<void> {
  await requireWhole(transaction, organizationId, assessmentId)
  await transaction.execute(sql`
    update ledger.item_body b set sealed_by = ${assessmentId}::uuid
     where b.organization_id = ${organizationId} and b.sealed_by is null and b.purged_at_position is null
       and b.hash in (${attachedHashes(organizationId, assessmentId)})`)
}

/**
 * How many items the attached populations have: with contents that are sealed, and with contents that are gone.
 *
 * The transaction has just sealed them, so that the planner takes sealed bodies for few and would compare each item with
 * each of them. `lateral … limit 1` leaves it one look-up per item.
 */
export async function countSealed(
  transaction: Transaction,
  organizationId: string,
  assessmentId: string,
): Promise<{ itemsSealed: number; itemsGone: number }> {
  const [row] = await transaction.execute<{ sealed: number; all: number }>(sql`
    select count(b.hash)::int as sealed, count(*)::int as "all"
      from (${attachedHashes(organizationId, assessmentId)}) a
      left join lateral (
        select i.hash from ledger.item_body i
         where i.organization_id = ${organizationId} and i.hash = a.item_hash and i.sealed_by is not null
         limit 1) b on true`)
  const sealed = row?.sealed ?? 0
  return { itemsSealed: sealed, itemsGone: (row?.all ?? 0) - sealed }
}

/** How many items the attached populations have whose contents are held, and how many there are. */
export async function countHeld(
  transaction: Transaction,
  organizationId: string,
  assessmentId: string,
): Promise<{ held: number; all: number }> {
  const [row] = await transaction.execute<{ held: number; all: number }>(sql`
    select count(b.hash)::int as held, count(*)::int as "all"
      from (${attachedHashes(organizationId, assessmentId)}) a
      left join lateral (
        select i.hash from ledger.item_body i
         where i.organization_id = ${organizationId} and i.hash = a.item_hash and i.purged_at_position is null
         limit 1) b on true`)
  return { held: row?.held ?? 0, all: row?.all ?? 0 }
}

/** The items of the attached populations: of a state who was in it then, of a feed what its window lists. */
const attachedHashes = (organizationId: string, assessmentId: string): SQL => sql`
  select m.item_hash
    from (${moments(organizationId, assessmentId)}) a
    join state.membership m
      on m.organization_id = ${organizationId} and m.source_id = a.source_id and m.kind = a.kind
     and m.from_position <= a.at_position and m.to_position > a.at_position
  union
  select d.item_hash
    from state.assessment_evidence f
    join ledger.evidence_delta d on d.organization_id = ${organizationId} and d.evidence_id = f.evidence_id
   where ${attached('f', organizationId, assessmentId)} and f.kind in (${kindsOf('feed')})
     and d.item_hash is not null`

/** A row that is attached for several moments has one population. */
const moments = (organizationId: string, assessmentId: string): SQL => sql`
  select s.source_id, s.kind, s.evidence_id, s.item_count, max(s.at_position) as at_position
    from state.assessment_evidence s
   where ${attached('s', organizationId, assessmentId)} and s.kind in (${kindsOf('state')})
   group by s.source_id, s.kind, s.evidence_id, s.item_count`

async function requireWhole(transaction: Transaction, organizationId: string, assessmentId: string) {
  const [broken] = await transaction.execute<{ evidence_id: string }>(sql`
    select a.evidence_id
      from (${moments(organizationId, assessmentId)}) a
      left join state.membership m
        on m.organization_id = ${organizationId} and m.source_id = a.source_id and m.kind = a.kind
       and m.from_position <= a.at_position and m.to_position > a.at_position
     group by a.evidence_id, a.item_count
    having count(m.item_hash) <> a.item_count
     limit 1`)
  if (broken) throw new AppError('internal', `the population of evidence ${broken.evidence_id} is not whole`)
}

const attached = (alias: 's' | 'f', organizationId: string, assessmentId: string): SQL => {
  const column = (name: string) => sql.raw(`${alias}.${name}`)
  return sql`${column('organization_id')} = ${organizationId} and ${column('assessment_id')} = ${assessmentId}
     and ${column('to_position')} = ${open}`
}

const kindsOf = (mode: 'state' | 'feed'): SQL =>
  sql.join(
    evidenceKinds.filter(kind => evidenceKind(kind).mode === mode).map(kind => sql`${kind}`),
    sql`, `,
  )
