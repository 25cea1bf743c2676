import { and, desc, eq, lte, ne } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { verdict } from '../../db/schema/state.ts'
import { verdictAt } from '../domain/control/verdict.ts'
import type { StoredVerdict } from './stored-verdict.ts'

/** Since when a control has stood as it stands at the asked instant, without a break. */
export async function verdictSince(
  transaction: Transaction,
  organizationId: string,
  stored: StoredVerdict,
  at: Date,
): Promise<Date> {
  const { verdict: shown } = verdictAt(stored, at)
  if (shown !== stored.verdict) {
    const due = stored.changes.filter(change => change.at <= at && change.verdict === shown)
    return new Date(Math.min(...due.map(change => change.at.getTime())))
  }
  const own = and(
    eq(verdict.organizationId, organizationId),
    eq(verdict.controlId, stored.controlId),
    eq(verdict.sourceId, stored.sourceId),
  )
  const [[other], [first]] = await Promise.all([
    transaction
      .select({ toAt: verdict.toAt })
      .from(verdict)
      .where(and(own, lte(verdict.fromPosition, stored.position), ne(verdict.verdict, shown)))
      .orderBy(desc(verdict.fromPosition))
      .limit(1),
    transaction.select({ at: verdict.at }).from(verdict).where(own).orderBy(verdict.fromPosition).limit(1),
  ])
  return other?.toAt ?? first?.at ?? stored.at
}
