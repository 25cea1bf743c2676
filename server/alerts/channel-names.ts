import type { Transaction } from '../../db/client.ts'
import { deletedAccount, namesOfPeople } from '../members/person-names.ts'
import type { Services } from '../services.ts'
import { listWebhooks } from '../webhooks/webhook-records.ts'
import { listChannels } from './channel-records.ts'

/** What each channel is called today: the member who gets mails, or the webhook. */
export async function channelNames(
  { database }: Pick<Services, 'database'>,
  transaction: Transaction,
  organizationId: string,
): Promise<(channelId: string) => string> {
  const channels = await listChannels(transaction, organizationId)
  const webhooks = await listWebhooks(transaction, organizationId)
  const people = await namesOfPeople(
    database,
    channels.flatMap(({ userId }) => userId ?? []),
  )
  return channelId => {
    const channel = channels.find(({ id }) => id === channelId)
    if (!channel) return 'A place that was taken away'
    const { userId, webhookId } = channel
    if (userId !== null) return `E-mail to ${people.get(userId) ?? deletedAccount}`
    return webhooks.find(({ id }) => id === webhookId)?.label ?? 'A webhook'
  }
}
