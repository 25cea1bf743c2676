import { desc, sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import { erasure } from '../../db/schema/state.ts'
import { notFound } from '../errors.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { deletedAccount, namesOfPeople, personOf } from '../members/person-names.ts'
import { holdsAt, open } from '../projections/range.ts'
import { erasureWord } from './erase-person.ts'
import { itemsNaming } from './erasure-items.ts'

/** Who was erased as of a moment, the last one first: by key, since nothing names them any more. */
export async function showErasures(
  { database }: { database: Database },
  transaction: Transaction,
  organizationId: string,
  { position }: AsOf,
) {
  const rows = await transaction
    .select()
    .from(erasure)
    .where(holdsAt(erasure, organizationId, position))
    .orderBy(desc(erasure.fromPosition))
  const names = await namesOfPeople(
    database,
    rows.flatMap(({ actor }) => personOf(actor) ?? []),
  )
  return rows.map(({ subjectKey, reason, at, actor, completedAt }) => ({
    subjectKey,
    reason,
    at,
    byName: names.get(personOf(actor) ?? '') ?? deletedAccount,
    completedAt,
  }))
}

const mostFound = 10

/** People whose name or sign-in name begins like this, now or at any time, as long as it is held. */
export async function findPeople(
  transaction: Transaction,
  organizationId: string,
  search: string,
): Promise<{ subjectKey: string; name: string; login: string | null; isListed: boolean }[]> {
  const beginning = `${search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  const rows = await transaction.execute<{
    subjectKey: string
    label: string
    login: string | null
    isListed: boolean
  }>(sql`
    select distinct on (m.subject_key) m.subject_key as "subjectKey", m.label, m.login,
           m.to_position = ${open} as "isListed"
      from state.membership m
     where m.organization_id = ${organizationId} and m.kind in ('user_inventory', 'mfa_registration', 'risky_users')
       and (m.label like ${beginning} or m.login like ${beginning} or m.subject_key::text = ${search.toLowerCase()})
     order by m.subject_key, m.kind desc, m.from_position desc
     limit ${mostFound}`)
  return rows.map(({ label, ...row }) => ({ name: label, ...row }))
}

/**
 * What erasing a person would remove, and what approved assessments keep from it.
 * @throws {AppError} not_found for somebody that nothing names
 */
export async function previewErasure(transaction: Transaction, organizationId: string, subject: string) {
  const rows = await transaction.execute<{ sealed_by: string | null; count: number }>(sql`
    select b.sealed_by, count(*)::int as count
      from ledger.item_body b
     where b.organization_id = ${organizationId} and b.purged_at_position is null
       and ${itemsNaming(organizationId, subject)}
     group by b.sealed_by`)
  if (rows.length === 0) throw notFound('person')
  const sealed = rows.flatMap(({ sealed_by: id, count }) => (id === null ? [] : [{ id, count }]))
  const titles = await assessmentTitles(transaction, organizationId)
  return {
    subjectKey: subject.toLowerCase(),
    word: erasureWord(subject),
    removed: rows.find(row => row.sealed_by === null)?.count ?? 0,
    kept: sealed.map(({ id, count }) => ({ assessmentId: id, title: titles.get(id) ?? null, count })),
  }
}

/** What assessments are called, by id. */
export async function assessmentTitles(
  transaction: Transaction,
  organizationId: string,
): Promise<Map<string, string>> {
  const rows = await transaction.execute<{ id: string; name: string }>(sql`
    select a.id, a.name from state.assessment a
     where a.organization_id = ${organizationId} and a.to_position = ${open}`)
  return new Map(rows.map(({ id, name }) => [id, name]))
}
