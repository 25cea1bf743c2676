import { and, count, eq, gte } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { alert } from '../../db/schema/state.ts'
import { holdsAt } from '../projections/range.ts'

/** How many alerts were open as of a position, of those that were raised from an instant on. */
export async function countOpenAlerts(
  transaction: Transaction,
  { organizationId, position, from }: { organizationId: string; position: number; from: Date | null },
): Promise<number> {
  const [row] = await transaction
    .select({ open: count() })
    .from(alert)
    .where(
      and(
        holdsAt(alert, organizationId, position),
        eq(alert.isOpen, true),
        from === null ? undefined : gte(alert.raisedAt, from),
      ),
    )
  return row?.open ?? 0
}
