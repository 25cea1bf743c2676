import type { Transaction } from '../../db/client.ts'
import { latestAttempts, type RecordedAttempt } from './deliveries.ts'
import { type ListedWebhook, listWebhooks } from './webhook-records.ts'

/** The organization's webhooks with what their latest tests came to. */
export async function showWebhooks(
  transaction: Transaction,
  organizationId: string,
): Promise<(ListedWebhook & { tests: RecordedAttempt[] })[]> {
  const shown = []
  for (const webhook of await listWebhooks(transaction, organizationId)) {
    shown.push({ ...webhook, tests: await latestAttempts(transaction, organizationId, webhook.id) })
  }
  return shown
}
