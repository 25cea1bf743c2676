import { and, desc, eq, type SQL, sql } from 'drizzle-orm'
import { toSnakeCase } from 'drizzle-orm/casing'
import type { Transaction } from '../../db/client.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import { createBook } from './fold/book.ts'
import { type ReducedName, reducers } from './fold/reducers.ts'
import { foldedRow, type StoredProjection, storedProjection, storedRow } from './stored-projection.ts'
import type { ProjectionTables } from './tables.ts'

/** What a later event may set of a row that is there already. */
const amended: Record<ReducedName, readonly string[]> = {
  organizationProfile: ['toPosition'],
  member: ['toPosition'],
  connection: ['toPosition'],
  run: ['finishedPosition', 'finishedAt', 'outcome', 'explanation', 'kinds'],
  kindStatus: ['toPosition'],
  successChain: ['lastAt'],
  verdict: ['toPosition', 'toAt'],
  assessment: ['toPosition'],
  assessmentEvidence: ['toPosition'],
  sample: ['toPosition'],
  threshold: ['toPosition'],
  outOfScope: ['toPosition', 'toAt'],
  accountClass: ['toPosition'],
  administrator: ['toPosition'],
  exception: ['toPosition'],
  review: ['toPosition'],
  alert: ['toPosition'],
  erasure: ['toPosition'],
}

/**
 * Folds events into one projection's table: one look-up of the newest rows of what they are about, one upsert of what
 * the fold makes of them. Events of one organization, in order.
 */
export async function applyEvents<N extends ReducedName>(
  transaction: Transaction,
  tables: ProjectionTables,
  name: N,
  events: readonly RecordedEvent[],
): Promise<void> {
  const organizationId = events[0]?.organizationId
  const subjects = new Map<string, readonly string[]>()
  for (const event of events) {
    const change = reducers[name].change(event)
    if (change) subjects.set(change.subject.join(' '), change.subject)
  }
  if (organizationId === undefined || subjects.size === 0) return
  const projection = storedProjection(tables, name)
  const known = await newestRows(transaction, projection, organizationId, [...subjects.values()])
  const book = createBook(projection.reducer, { keepsPast: true, known })
  for (const event of events) book.apply(event)
  const isKnown = new Set(known)
  const rows = book.rows().filter(row => !isKnown.has(row))
  const set = Object.fromEntries(amended[name].map(each => [each, excluded(each)]))
  for (const part of inParts(rows)) {
    await transaction
      .insert(projection.table)
      .values(part.map(row => storedRow(projection, organizationId, row)))
      .onConflictDoUpdate({ target: [...projection.key], set })
  }
}

async function newestRows<N extends ReducedName>(
  transaction: Transaction,
  { table, columns, subject, begin, organization }: StoredProjection<N>,
  organizationId: string,
  wanted: readonly (readonly string[])[],
) {
  const newest = (parts: readonly (string | SQL)[]) =>
    transaction
      .select(columns)
      .from(table)
      .where(
        and(eq(organization, organizationId), ...subject.map((column, index) => eq(column, parts[index]))),
      )
      .orderBy(desc(begin))
      .limit(1)
  const [first] = wanted
  if (first && wanted.length === 1) return (await newest(first)).map(row => foldedRow<N>(row))
  const names = subject.map((_, index) => sql.raw(`part_${index}`))
  const latest = newest(names.map(name => sql`wanted.${name}`)).as('latest')
  const rows = []
  for (const part of inParts(wanted)) {
    const values = part.map(
      parts =>
        sql`(${sql.join(
          parts.map((value, index) => sql`${value}::${typeOf(subject[index])}`),
          sql`, `,
        )})`,
    )
    const found = await transaction
      .select()
      .from(sql`(values ${sql.join(values, sql`, `)}) as wanted(${sql.join(names, sql`, `)})`)
      .crossJoinLateral(latest)
    rows.push(...found.map(row => foldedRow<N>(row.latest)))
  }
  return rows
}

const typeOf = (column: { getSQLType(): string } | undefined) => sql.raw(column?.getSQLType() ?? 'text')

const excluded = (name: string) => sql`excluded.${sql.identifier(toSnakeCase(name))}`

/** PostgreSQL takes 65,535 parameters a statement; the widest table has 19 columns. */
function* inParts<T>(all: readonly T[], size = 1_000): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size)
}
