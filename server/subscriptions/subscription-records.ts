import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { checkpointSubscription } from '../../db/schema/state.ts'
import type { EventPayload } from '../domain/events.ts'
import { type Cadence, cadences } from '../domain/subscription/cadence.ts'
import { AppError } from '../errors.ts'
import type { Unit } from '../ledger/ledger.ts'

/** Who gets checkpoints, how often, and what was sent last. */
export interface Subscription {
  id: string
  userId: string | null
  webhookId: string | null
  cadence: Cadence
  createdAt: Date
  sentSize: number | null
  sentAt: Date | null
}

/** Every subscription of the organization. */
export async function listSubscriptions(
  transaction: Transaction,
  organizationId: string,
): Promise<Subscription[]> {
  const rows = await transaction
    .select()
    .from(checkpointSubscription)
    .where(eq(checkpointSubscription.organizationId, organizationId))
    .orderBy(checkpointSubscription.createdAt, checkpointSubscription.id)
  return rows.map(({ organizationId: _, ...row }) => ({ ...row, cadence: cadenceNamed(row.cadence) }))
}

/** Takes a subscription away and says why in the ledger. */
export async function endSubscription(
  unit: Unit,
  subscriptionId: string,
  reason: EventPayload<'CheckpointUnsubscribed'>['reason'],
): Promise<void> {
  const { transaction, organizationId } = unit
  await transaction
    .delete(checkpointSubscription)
    .where(
      and(
        eq(checkpointSubscription.organizationId, organizationId),
        eq(checkpointSubscription.id, subscriptionId),
      ),
    )
  await unit.append({ type: 'subscription', id: subscriptionId }, 'any', [
    { type: 'CheckpointUnsubscribed', payload: { subscriptionId, reason } },
  ])
}

function cadenceNamed(text: string): Cadence {
  const cadence = cadences.find(known => known === text)
  if (!cadence) throw new AppError('internal', `unknown cadence ${text}`)
  return cadence
}
