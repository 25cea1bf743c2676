import { and, eq, lte } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { outOfScope } from '../../db/schema/state.ts'
import type { Range } from '../domain/coverage/history.ts'
import { holdsAt } from '../projections/range.ts'

/** Why, since when and by whom something was taken out of scope. */
export interface OutOfScopeReason {
  readonly reason: string
  readonly since: Date
  /** `user:<id>` */
  readonly actor: string
}

/** What does not count for coverage as of a position, by id. */
export async function readOutOfScope(
  transaction: Transaction,
  organizationId: string,
  position: number,
): Promise<{
  readonly controls: ReadonlyMap<string, OutOfScopeReason>
  readonly sources: ReadonlyMap<string, OutOfScopeReason>
}> {
  const rows = await transaction
    .select()
    .from(outOfScope)
    .where(holdsAt(outOfScope, organizationId, position))
  const of = (what: 'control' | 'source') =>
    new Map(
      rows
        .filter(row => row.what === what)
        .map(row => [row.id, { reason: row.reason, since: row.at, actor: row.actor }]),
    )
  return { controls: of('control'), sources: of('source') }
}

/** The stretches in which controls and directories did not count, as they were known as of a position. */
export async function readScopeRanges(
  transaction: Transaction,
  organizationId: string,
  position: number,
): Promise<(Range & { readonly what: string; readonly id: string })[]> {
  const rows = await transaction
    .select()
    .from(outOfScope)
    .where(and(eq(outOfScope.organizationId, organizationId), lte(outOfScope.fromPosition, position)))
  return rows.map(({ what, id, at, toAt, toPosition }) => ({
    what,
    id,
    from: at,
    to: toPosition > position ? null : toAt,
  }))
}
