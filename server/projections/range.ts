import { and, eq, type Placeholder, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'

interface RangeTable {
  organizationId: PgColumn
  fromPosition: PgColumn
  toPosition: PgColumn
}

/** The end of a range that nothing has ended yet. */
export const open = sql`9223372036854775807::bigint`

/** The row that holds now. */
export const isOpen = (table: RangeTable, organizationId: string | Placeholder): SQL =>
  requireCondition(and(eq(table.organizationId, organizationId), eq(table.toPosition, open)))

/** The row that held as of a position: it began at or before it and ended after it. */
export const holdsAt = (table: RangeTable, organizationId: string, position: number): SQL =>
  requireCondition(
    and(
      eq(table.organizationId, organizationId),
      sql`${table.fromPosition} <= ${position}`,
      sql`${table.toPosition} > ${position}`,
    ),
  )

/**
 * The same of a table with an index by fork, for reading everything that stood then: of rows that ended, the index answers
 * those whose range can hold the position, where any other would go through the whole history. A condition more, which
 * changes nothing of what is answered.
 */
export const stoodAt = (
  { fromPosition, toPosition, fork }: ForkedRange,
  position: number,
): SQL => sql`${fromPosition} <= ${position} and ${toPosition} > ${position}
     and (${toPosition} = ${open} or ${fork} = any(state.range_forks(${position}::bigint)))`

/**
 * The row of a table under a name of its own that held as of a moment. Of now that is what nothing has ended: where there
 * is an index of what is open, no history is passed over.
 */
export const heldAt = (
  alias: string,
  { position, isNow = false }: { position: number; isNow?: boolean },
): SQL => {
  const { fromPosition, toPosition } = rangeOf(alias)
  return isNow
    ? sql`${toPosition} = ${open}`
    : sql`${fromPosition} <= ${position} and ${toPosition} > ${position}`
}

interface ForkedRange {
  readonly fromPosition: PgColumn | SQL
  readonly toPosition: PgColumn | SQL
  readonly fork: PgColumn | SQL
}

/** The range of a table that has a name of its own in a statement. */
export const rangeOf = (alias: string): ForkedRange => ({
  fromPosition: sql.raw(`${alias}.from_position`),
  toPosition: sql.raw(`${alias}.to_position`),
  fork: sql.raw(`${alias}.fork`),
})

function requireCondition(condition: SQL | undefined): SQL {
  if (!condition) throw new TypeError('a range condition cannot be empty')
  return condition
}
