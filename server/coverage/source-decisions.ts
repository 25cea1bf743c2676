import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { accountClass, administrator, exception, review, threshold } from '../../db/schema/state.ts'
import type { ControlDecisions } from '../domain/control/decisions.ts'
import type { Catalogue } from '../domain/control/definition.ts'
import type { ProjectionRows } from '../projections/fold/rows.ts'
import { isOpen } from '../projections/range.ts'
import { foldedRow } from '../projections/stored-projection.ts'
import { type DecisionRows, decisionsOf } from './decisions-of.ts'

/** What people decided of one source, as it stands in this transaction. */
export async function loadDecisions(
  transaction: Transaction,
  organizationId: string,
  { catalogue, sourceId }: { catalogue: Catalogue; sourceId: string },
): Promise<ControlDecisions> {
  const thresholds = await transaction.select().from(threshold).where(isOpen(threshold, organizationId))
  const classes = await transaction
    .select()
    .from(accountClass)
    .where(and(isOpen(accountClass, organizationId), eq(accountClass.sourceId, sourceId)))
  const administrators = await transaction
    .select()
    .from(administrator)
    .where(and(isOpen(administrator, organizationId), eq(administrator.sourceId, sourceId)))
  const exceptions = await transaction
    .select()
    .from(exception)
    .where(and(isOpen(exception, organizationId), eq(exception.sourceId, sourceId)))
  const reviews = await transaction
    .select()
    .from(review)
    .where(and(isOpen(review, organizationId), eq(review.sourceId, sourceId)))
  const known: { readonly [N in Parameters<DecisionRows['rows']>[0]]: readonly ProjectionRows[N][] } = {
    threshold: thresholds.map(row => foldedRow<'threshold'>(row)),
    accountClass: classes.map(row => foldedRow<'accountClass'>(row)),
    administrator: administrators.map(row => foldedRow<'administrator'>(row)),
    exception: exceptions.map(row => foldedRow<'exception'>(row)),
    review: reviews.map(row => foldedRow<'review'>(row)),
  }
  return decisionsOf({ rows: name => known[name] }, catalogue, sourceId)
}
