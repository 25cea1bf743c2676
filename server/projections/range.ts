import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'

interface RangeTable {
  organizationId: PgColumn
  fromPosition: PgColumn
  toPosition: PgColumn
}

/** The end of a range that nothing has ended yet. */
export const open = sql`9223372036854775807::bigint`

/** The row that holds now. */
export const isOpen = (table: RangeTable, organizationId: string): SQL =>
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

function requireCondition(condition: SQL | undefined): SQL {
  if (!condition) throw new TypeError('a range condition cannot be empty')
  return condition
}
