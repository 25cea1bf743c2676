import { eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { inKeyOrder } from '../../server/projections/fold/book.ts'
import { type ReducedName, reducedNames } from '../../server/projections/fold/reducers.ts'
import type { ProjectionRows } from '../../server/projections/fold/rows.ts'
import { foldedRow, storedProjection } from '../../server/projections/stored-projection.ts'
import { liveTables } from '../../server/projections/tables.ts'

/** Every row of an organization's projections, past ones included, as a fold has them: by projection, in key order. */
export async function everyRow(
  transaction: Transaction,
  organizationId: string,
): Promise<Record<string, readonly object[]>> {
  const rows: Record<string, readonly object[]> = {
    membership: await membershipRows(transaction, organizationId),
  }
  for (const name of reducedNames) rows[name] = await rowsOf(transaction, organizationId, name)
  return rows
}

async function rowsOf<N extends ReducedName>(
  transaction: Transaction,
  organizationId: string,
  name: N,
): Promise<ProjectionRows[N][]> {
  const { table, columns, organization, reducer } = storedProjection(liveTables, name)
  const rows = await transaction.select(columns).from(table).where(eq(organization, organizationId))
  return inKeyOrder(
    reducer,
    rows.map(row => foldedRow<N>(row)),
  )
}

async function membershipRows(transaction: Transaction, organizationId: string) {
  const { membership } = liveTables
  const { sourceId, kind, subjectKey, fromPosition, toPosition, itemHash } = membership
  const rows = await transaction
    .select({ sourceId, kind, subjectKey, fromPosition, toPosition, itemHash })
    .from(membership)
    .where(eq(membership.organizationId, organizationId))
  return inKeyOrder(
    { subject: ['sourceId', 'kind', 'subjectKey'], begin: 'fromPosition' },
    rows.map(row => foldedRow<'membership'>(row)),
  )
}
