import type { Transaction } from '../../db/client.ts'
import { isDue } from '../domain/subscription/cadence.ts'
import { newestCheckpoint } from '../ledger/checkpoints.ts'
import type { Services } from '../services.ts'
import { listSubscriptions } from './subscription-records.ts'

/** Puts a delivery into the queue for every subscriber who is to get the newest checkpoint by now. */
export async function enqueueDueDeliveries(
  { queue, clock }: Pick<Services, 'queue' | 'clock'>,
  transaction: Transaction,
  organizationId: string,
): Promise<void> {
  const subscriptions = await listSubscriptions(transaction, organizationId)
  if (subscriptions.length === 0) return
  const newest = await newestCheckpoint(transaction, organizationId)
  if (!newest) return
  for (const subscription of subscriptions) {
    if (!isDue(subscription, newest, clock.now())) continue
    const payload = { organizationId, subscriptionId: subscription.id }
    await queue.enqueue(transaction, 'deliver-checkpoint', payload)
  }
}
