import { type SQL, sql } from 'drizzle-orm'
import type { Transaction } from './client.ts'

let cursors = 0

/**
 * The rows of one query in parts, as the driver hands them over, however many there are: a cursor of this transaction.
 * The query is planned and run once, and sees what was committed when it began.
 */
export async function* readInParts<Row extends Record<string, unknown>>(
  transaction: Transaction,
  query: SQL,
  rowsPerPart = 5_000,
): AsyncGenerator<readonly Row[]> {
  const cursor = sql.identifier(`part_${++cursors}`)
  // Everything will be read: a plan that is quick to its first rows is not wanted.
  await transaction.execute(sql`set local cursor_tuple_fraction = 1`)
  await transaction.execute(sql`declare ${cursor} no scroll cursor for ${query}`)
  const fetch = sql`fetch ${sql.raw(String(rowsPerPart))} from ${cursor}`
  for (;;) {
    // What the query selects, its caller says.
    const rows = (await transaction.execute(fetch)) as readonly Record<string, unknown>[] as readonly Row[]
    if (rows.length > 0) yield rows
    if (rows.length < rowsPerPart) break
  }
  await transaction.execute(sql`close ${cursor}`)
}
