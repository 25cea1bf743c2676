import { and, count, desc, eq, lt } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { delivery } from '../../db/schema/state.ts'
import { newId } from '../ledger/ids.ts'

/** One attempt to send something, as its sender saw it. */
export interface Attempt {
  /** The subscription, or for a test the webhook, that it was for. */
  targetId: string
  /** What was sent: `test`, or `checkpoint <size>`. */
  subject: string
  at: Date
  isDelivered: boolean
  /** The HTTP status of the answer; null where there was none, and for mail. */
  status: number | null
  explanation: string | null
}

/** An attempt as it was kept. `attempt`: which one it was of this subject to this target, from 1. */
export interface RecordedAttempt extends Attempt {
  attempt: number
}

/** Keeps an attempt. @returns which one it was of this subject to this target, from 1 */
export async function recordAttempt(
  transaction: Transaction,
  organizationId: string,
  { isDelivered, ...attempt }: Attempt,
): Promise<number> {
  const [before] = await transaction
    .select({ attempts: count() })
    .from(delivery)
    .where(
      and(
        eq(delivery.organizationId, organizationId),
        eq(delivery.targetId, attempt.targetId),
        eq(delivery.subject, attempt.subject),
      ),
    )
  const number = (before?.attempts ?? 0) + 1
  await transaction.insert(delivery).values({
    ...attempt,
    organizationId,
    id: newId(),
    attempt: number,
    outcome: isDelivered ? 'delivered' : 'failed',
  })
  return number
}

/** The newest attempts to one target, the newest first. */
export async function latestAttempts(
  transaction: Transaction,
  organizationId: string,
  targetId: string,
): Promise<RecordedAttempt[]> {
  const rows = await transaction
    .select()
    .from(delivery)
    .where(and(eq(delivery.organizationId, organizationId), eq(delivery.targetId, targetId)))
    .orderBy(desc(delivery.at), desc(delivery.attempt))
    .limit(10)
  return rows.map(({ subject, attempt, at, outcome, status, explanation }) => ({
    targetId,
    subject,
    attempt,
    at,
    isDelivered: outcome === 'delivered',
    status,
    explanation,
  }))
}

const keptFor = 90 * 86_400_000

/** Forgets attempts older than 90 days: what they came to is in the ledger. */
export async function dropOldAttempts(
  transaction: Transaction,
  organizationId: string,
  now: Date,
): Promise<void> {
  await transaction
    .delete(delivery)
    .where(
      and(eq(delivery.organizationId, organizationId), lt(delivery.at, new Date(now.getTime() - keptFor))),
    )
}
