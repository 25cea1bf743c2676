import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { Transaction } from '../../db/client.ts'
import { authorizationAttempt, credential, webhook } from '../../db/schema/state.ts'
import type { SealedPlace } from '../vault/envelope.ts'

/** A column that holds sealed values, and how the place of each is called. */
interface SealedColumn {
  table: PgTable & { organizationId: PgColumn }
  sealed: PgColumn
  record: PgColumn
  /** A column of the row, or the same word for all. */
  field: PgColumn | string
}

/** Every column that the vault's values are stored in. A test compares it with the catalog. */
export const sealedColumns: readonly SealedColumn[] = [
  {
    table: credential,
    sealed: credential.sealed,
    record: credential.connectionId,
    field: credential.field,
  },
  attemptColumn(authorizationAttempt.sealedClientSecret, 'client_secret'),
  attemptColumn(authorizationAttempt.sealedVerifier, 'verifier'),
  attemptColumn(authorizationAttempt.sealedNonce, 'nonce'),
  { table: webhook, sealed: webhook.sealedUrl, record: webhook.id, field: 'webhook_url' },
  { table: webhook, sealed: webhook.sealedSecret, record: webhook.id, field: 'webhook_secret' },
]

function attemptColumn(sealed: PgColumn, field: string): SealedColumn {
  return { table: authorizationAttempt, sealed, record: authorizationAttempt.id, field }
}

/** A stored value, where it stands. */
export interface StoredValue {
  column: SealedColumn
  place: SealedPlace
  sealed: Buffer
}

/** Values that are sealed under a data key before this version: at most so many. */
export async function valuesBefore(
  transaction: Transaction,
  organizationId: string,
  { version, limit }: { version: number; limit: number },
): Promise<StoredValue[]> {
  const found: StoredValue[] = []
  for (const column of sealedColumns) {
    if (found.length >= limit) break
    const { table, sealed, record, field } = column
    const rows = await transaction
      .select({
        record: sql<string>`${record}`,
        field: sql<string>`${typeof field === 'string' ? sql`${field}::text` : field}`,
        sealed: sql<Buffer>`${sealed}`,
      })
      .from(table)
      .where(and(eq(table.organizationId, organizationId), isBefore(sealed, version)))
      .limit(limit - found.length)
    for (const row of rows) {
      found.push({
        column,
        sealed: row.sealed,
        place: { organizationId, record: row.record, field: row.field },
      })
    }
  }
  return found
}

/** Puts a value in the place of another, where that one still stands. */
export async function replaceValue(
  transaction: Transaction,
  { column, place, sealed }: StoredValue,
  renewed: Buffer,
): Promise<void> {
  const { table, record, field } = column
  const isField = typeof field === 'string' ? sql`true` : sql`${field} = ${place.field}`
  await transaction.execute(sql`
    update ${table} set ${sql.identifier(column.sealed.name)} = ${renewed}
     where ${table.organizationId} = ${place.organizationId} and ${record} = ${place.record} and ${isField}
       and ${column.sealed} = ${sealed}`)
}

/** How many values are stored, and how many of them under a data key before this version. */
export async function countValues(
  transaction: Transaction,
  organizationId: string,
  version: number,
): Promise<{ all: number; before: number }> {
  const counts = { all: 0, before: 0 }
  for (const { table, sealed } of sealedColumns) {
    const [row] = await transaction
      .select({
        all: sql<number>`count(*)::int`,
        before: sql<number>`(count(*) filter (where ${isBefore(sealed, version)}))::int`,
      })
      .from(table)
      .where(eq(table.organizationId, organizationId))
    counts.all += row?.all ?? 0
    counts.before += row?.before ?? 0
  }
  return counts
}

/** An envelope names its data key's version in bytes 3 to 6, the most significant first: these compare as numbers do. */
function isBefore(sealed: PgColumn, version: number): SQL {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(version)
  return sql`substring(${sealed} from 3 for 4) < ${bytes}`
}
