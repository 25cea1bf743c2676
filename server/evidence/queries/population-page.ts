import { type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '../../../db/client.ts'
import { type EvidenceKind, evidenceKind } from '../../domain/evidence/kinds.ts'
import { companionKinds } from '../../domain/evidence/population-row.ts'
import type { Removal } from '../../domain/evidence/removal.ts'
import { AppError } from '../../errors.ts'
import { heldAt } from '../../projections/range.ts'
import { removalsOf } from './removals.ts'

/** Which population, as of which position, and which part of it. */
export interface PopulationScope {
  sourceId: string
  kind: EvidenceKind
  position: number
  /** Whether it is the newest position of what the transaction sees: nothing that ended is looked at then. */
  isNow?: boolean
  /** The beginning of a name or a sign-in name; empty for all. */
  search: string
  /** Column, and `-` before it for the other way round. */
  sort: PopulationSort
  /** Of a feed: only what windows list that were collected after this position, again or for the first time. */
  after?: number
  /** Of these subjects alone. */
  among?: readonly string[]
}

export const populationSorts = ['name', '-name', 'login', '-login'] as const
/** By subject key for files that anybody can put in order again, whatever their language sorts names by. */
export type PopulationSort = (typeof populationSorts)[number] | 'subject'

/** Keyset: the rows after or before a subject. It names nobody, so that an address can carry it. */
export interface PopulationCursor {
  direction: 'after' | 'before'
  subjectKey: string
}

export interface PopulationItem {
  subjectKey: string
  itemHash: string
  /** Null where the body was purged. */
  body: string | null
  /** What removed the body, where it is gone. */
  removal?: Removal | null
  /** The body of what is known of the same subject under another kind, see {@link companions}. */
  companion: string | null
}

/** One page in the order of the sort, with whether there is more in either direction. */
export async function populationPage(
  transaction: Transaction,
  organizationId: string,
  scope: PopulationScope,
  cursor: PopulationCursor | null,
  limit: number,
): Promise<{ items: PopulationItem[]; hasPrevious: boolean; hasNext: boolean }> {
  const isBackwards = cursor?.direction === 'before'
  const isDescending = scope.sort.startsWith('-') !== isBackwards
  const order = isDescending ? sql`desc` : sql`asc`
  const key = sortKey(scope.sort)
  const from = cursor && (await cursorKey(transaction, organizationId, scope, cursor))
  const beyond =
    from && cursor
      ? sql`and (${key}, m.subject_key) ${isDescending ? sql`<` : sql`>`} (${from}, ${cursor.subjectKey}::uuid)`
      : sql``
  // A few are looked up and sorted.
  const read = scope.among === undefined ? inListOrder : atOnce
  const rows = await read<{
    subject_key: string
    item_hash: string
    body: string | null
    companion: string | null
  }>(
    transaction,
    sql`
    select m.subject_key, encode(m.item_hash, 'hex') as item_hash, b.body, ${companionKinds[scope.kind] ? sql`cb.body` : sql`null::text`} as companion
      from (
        select m.subject_key, m.item_hash, ${key} as sorted_by
          from ${foundIn(organizationId, scope)}
         where ${inScope(organizationId, scope)} ${beyond}
         order by ${key} ${order}, m.subject_key ${order}
         limit ${limit + 1}) m
      left join lateral (
        select i.body from ledger.item_body i
         where i.organization_id = ${organizationId} and i.hash = m.item_hash limit 1) b on true
      ${companionJoin(organizationId, scope)}
     order by m.sorted_by ${order}, m.subject_key ${order}`,
  )
  const page = rows.slice(0, limit)
  if (isBackwards) page.reverse()
  const hasMore = rows.length > limit
  const gone = page.filter(({ body }) => body === null).map(row => row.item_hash)
  const removals = await removalsOf(transaction, organizationId, gone)
  return {
    items: page.map(row => ({
      subjectKey: row.subject_key,
      itemHash: row.item_hash,
      body: row.body,
      removal: row.body === null ? (removals.get(row.item_hash) ?? null) : null,
      companion: row.companion,
    })),
    hasPrevious: isBackwards ? hasMore : cursor !== null,
    hasNext: isBackwards || hasMore,
  }
}

/** How many are in the whole population, and how many of them the search finds. */
export async function countPopulation(
  transaction: Transaction,
  organizationId: string,
  scope: PopulationScope,
): Promise<{ total: number; found: number }> {
  const count = async (counted: PopulationScope) => {
    const [row] = await inListOrder<{ count: number }>(
      transaction,
      sql`select count(*)::int as count from ${foundIn(organizationId, counted)} where ${inScope(organizationId, counted)}`,
    )
    return row?.count ?? 0
  }
  const [size, found] = await Promise.all([
    sizeOfState(transaction, organizationId, scope),
    scope.search === '' ? null : count(scope),
  ])
  const total = size ?? (await count({ ...scope, search: '' }))
  return { total, found: found ?? total }
}

/** Of a kind that is read whole the newest evidence says how many there are; a feed's is of its window alone. */
async function sizeOfState(
  transaction: Transaction,
  organizationId: string,
  { sourceId, kind, position }: PopulationScope,
): Promise<number | null> {
  if (evidenceKind(kind).mode === 'feed') return null
  const [row] = await transaction.execute<{ size: number }>(sql`
    select e.item_count as size from ledger.evidence e
     where e.organization_id = ${organizationId} and e.source_id = ${sourceId} and e.kind = ${kind}
       and e.position <= ${position}
     order by e.position desc limit 1`)
  return row?.size ?? 0
}

/** Whether registration records were ever collected of the source: without, "no record" would be a claim. */
export async function hasRegistrations(
  transaction: Transaction,
  organizationId: string,
  sourceId: string,
  position: number,
): Promise<boolean> {
  const [row] = await transaction.execute<{ found: boolean }>(sql`
    select exists (select from ledger.evidence e
             where e.organization_id = ${organizationId} and e.source_id = ${sourceId}
               and e.kind = 'mfa_registration' and e.position <= ${position}) as found`)
  return row?.found ?? false
}

/**
 * Reads a list in the order of its index. Left to itself the planner reads the whole population by its key and sorts it,
 * wherever it takes it for small: without statistics, in an organization that has just grown, or among many of the same
 * size, since it takes organization, source and kind for independent of each other.
 */
async function inListOrder<Row extends Record<string, unknown>>(transaction: Transaction, list: SQL) {
  const others = inOrder.get(transaction) ?? 0
  inOrder.set(transaction, others + 1)
  // Nobody waits for a setting: where one fails the transaction does, and its next statement tells.
  const set = async (setting: SQL) => transaction.execute(setting)
  if (others === 0) set(sql`set local enable_sort = off`).catch(told)
  try {
    return await transaction.execute<Row>(list)
  } finally {
    const left = (inOrder.get(transaction) ?? 1) - 1
    inOrder.set(transaction, left)
    if (left === 0) set(sql`set local enable_sort = on`).catch(told)
  }
}

const atOnce = <Row extends Record<string, unknown>>(transaction: Transaction, list: SQL) =>
  transaction.execute<Row>(list)

/** How many lists a transaction is reading: those that are sent together share the setting. */
const inOrder = new WeakMap<Transaction, number>()

const told = () => undefined

/** As the index has it. Not `coalesce`, which row-level security takes for leaky and keeps out of index conditions. */
export const loginKey = sql.raw(`case when m.login is null then '' else m.login end`)

function sortKey(sort: PopulationSort): SQL {
  if (sort === 'subject') return sql`m.subject_key`
  return sort.endsWith('login') ? loginKey : sql`m.label`
}

function inScope(organizationId: string, scope: PopulationScope): SQL {
  const { sourceId, kind, position, after, among } = scope
  const since =
    after === undefined
      ? sql``
      : sql`and m.subject_key in (
          select d.subject_key
            from ledger.evidence e
            join ledger.evidence_delta d on d.organization_id = ${organizationId} and d.evidence_id = e.id
           where e.organization_id = ${organizationId} and e.source_id = ${sourceId} and e.kind = ${kind}
             and e.position > ${after} and e.position <= ${position})`
  return sql`m.organization_id = ${organizationId} and m.source_id = ${sourceId} and m.kind = ${kind}
    and ${heldAt('m', scope)} and ${listed} ${since} ${amongThese(among)}`
}

function amongThese(subjectKeys: readonly string[] | undefined): SQL {
  if (subjectKeys === undefined) return sql``
  if (subjectKeys.length === 0) return sql`and false`
  return sql`and m.subject_key = any(string_to_array(${subjectKeys.join()}, ',')::uuid[])`
}

/** True of every row. The indexes that lists are read by serve only who says so (db/schema/projections.ts). */
export const listed = sql`m.label >= '' and ${loginKey} >= ''`

/**
 * What is looked through: with a search the rows of the ranges that it means, each range of an index of its own and
 * without what the ranges before it hold. As one condition with "or" the planner took the order of the labels for the
 * quicker way, and read all that stands before them.
 */
function foundIn(organizationId: string, scope: PopulationScope): SQL {
  const { sourceId, kind, search } = scope
  if (search === '') return sql`state.membership m`
  const ranges = prefixes(search).flatMap(prefix =>
    [sql`m.label`, loginKey].map(column => ({ column, isIn: startsWith(column, prefix) })),
  )
  const found = ranges.map(({ column, isIn }, index) => {
    const isNew = ranges.slice(0, index).map(before => sql`and not (${before.isIn})`)
    return sql`(
      select m.subject_key, m.from_position, m.to_position, m.item_hash, m.label, m.login, m.organization_id, m.source_id, m.kind
        from state.membership m
       where m.organization_id = ${organizationId} and m.source_id = ${sourceId} and m.kind = ${kind}
         and ${heldAt('m', scope)} and ${listed} and ${isIn} ${sql.join(isNew, sql` `)}
       order by ${column})`
  })
  return sql`(${sql.join(found, sql` union all `)}) m`
}

/**
 * Labels are lowered by the database, which under the C locale lowers ASCII only: "åsa" is looked for as "Åsa" too.
 */
function prefixes(search: string): string[] {
  const [first = '', ...rest] = search
  const written = [search, first.toUpperCase() + rest.join(''), search.toLowerCase()]
  return [...new Set(written.map(lowerAscii))]
}

const lowerAscii = (text: string) => text.replace(/[A-Z]/g, letter => letter.toLowerCase())

/** The largest code point stands behind everything that begins with the prefix. */
export const startsWith = (column: SQL, prefix: string): SQL =>
  sql`${column} >= ${prefix}::text and ${column} < ${prefix}::text || chr(1114111)`

/** What the cursor's subject is sorted by: its row as of the position, or the one before, should it have left. */
async function cursorKey(
  transaction: Transaction,
  organizationId: string,
  { sourceId, kind, position, sort }: PopulationScope,
  { subjectKey }: PopulationCursor,
): Promise<string> {
  const [row] = await transaction.execute<{ key: string }>(sql`
    select ${sortKey(sort)} as key from state.membership m
     where m.organization_id = ${organizationId} and m.source_id = ${sourceId} and m.kind = ${kind}
       and m.subject_key = ${subjectKey} and m.from_position <= ${position}
     order by m.from_position desc limit 1`)
  if (row) return row.key
  throw new AppError('bad_input', 'the cursor is of another list', {
    userMessage: 'This page of the list does not exist any more. Begin at its first page.',
  })
}

function companionJoin(organizationId: string, { sourceId, kind, position }: PopulationScope): SQL {
  const companion = companionKinds[kind]
  if (!companion) return sql``
  return sql`
      left join lateral (
        select x.item_hash from state.membership x
         where x.organization_id = ${organizationId} and x.source_id = ${sourceId} and x.kind = ${companion}
           and x.subject_key = m.subject_key and x.from_position <= ${position} and x.to_position > ${position}
         order by x.from_position desc limit 1) c on true
      left join lateral (
        select i.body from ledger.item_body i
         where i.organization_id = ${organizationId} and i.hash = c.item_hash limit 1) cb on true`
}
