import { type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'

/**
 * The rows of a statement by pages, all full but the last: for an order in which no key leads from page to page. The
 * database keeps its place; the transaction is busy until the last page was taken.
 */
export async function* cursorPages<Row>(
  transaction: Transaction,
  query: SQL,
  pageSize: number,
): AsyncGenerator<Row[]> {
  await transaction.execute(sql`declare pages no scroll cursor for ${query}`)
  const next = sql.raw(`fetch forward ${pageSize} from pages`)
  for (;;) {
    // The query builder says as much of a statement whose columns it cannot know, only not of a type parameter.
    const rows = (await transaction.execute(next)) as unknown as Row[]
    if (rows.length > 0) yield rows
    if (rows.length < pageSize) break
  }
  await transaction.execute(sql`close pages`)
}
