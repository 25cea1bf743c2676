import type { Transaction } from '../../db/client.ts'
import type { Services } from '../services.ts'
import { deletionStage } from './delete-organization.ts'
import { purgeRecord } from './purge-lease.ts'

/** Puts an organization's purge into the queue where it is due by now; the queue keeps one that waits. */
export async function enqueueDuePurge(
  { queue, clock }: Pick<Services, 'queue' | 'clock'>,
  transaction: Transaction,
  organizationId: string,
): Promise<void> {
  const now = clock.now()
  const { dueAt } = await purgeRecord(transaction, organizationId, now)
  const isDue = dueAt <= now || (await deletionStage(transaction, organizationId, now)) === 'due'
  if (isDue) await queue.enqueue(transaction, 'purge', { organizationId })
}
