import { isAllowed } from '../domain/member/roles.ts'
import { deletedAccount, peopleById } from '../members/person-names.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import { latestAttempts, type RecordedAttempt } from '../webhooks/deliveries.ts'
import { type ListedWebhook, listWebhooks } from '../webhooks/webhook-records.ts'
import { listSubscriptions, type Subscription } from './subscription-records.ts'

/** A subscription as its page shows it. */
export interface ShownSubscription extends Omit<Subscription, 'userId' | 'webhookId'> {
  /** Whom or what it goes to, in words. */
  receiver: string
  isOwn: boolean
  isWebhook: boolean
  attempts: RecordedAttempt[]
}

export interface ShownSubscriptions {
  /** One's own, and for who manages webhooks all of them. */
  subscriptions: ShownSubscription[]
  /** Webhooks that could be subscribed; empty for who may not. */
  webhooks: Pick<ListedWebhook, 'id' | 'label' | 'host'>[]
  canManageWebhooks: boolean
}

/** Who gets the organization's checkpoints, as far as the reader may see it. It is always of now. */
export async function showSubscriptions(
  { database }: Pick<Services, 'database'>,
  { organizationId, userId, role }: Access,
): Promise<ShownSubscriptions> {
  const canManageWebhooks = isAllowed(role, 'webhooks:manage')
  const { seen, webhooks } = await database.withOrganization(organizationId, async transaction => {
    const all = await listSubscriptions(transaction, organizationId)
    const seen = []
    for (const subscription of all.filter(each => canManageWebhooks || each.userId === userId)) {
      seen.push({
        ...subscription,
        attempts: await latestAttempts(transaction, organizationId, subscription.id),
      })
    }
    return { seen, webhooks: await listWebhooks(transaction, organizationId) }
  })
  const people = await peopleById(
    database,
    seen.flatMap(each => each.userId ?? []),
  )
  return {
    subscriptions: seen.map(({ userId: subscriber, webhookId, ...subscription }) => {
      const webhook = webhooks.find(({ id }) => id === webhookId)
      const person = subscriber === null ? undefined : people.get(subscriber)
      return {
        ...subscription,
        receiver: webhook ? `${webhook.label} (${webhook.host})` : (person?.email ?? deletedAccount),
        isOwn: subscriber === userId,
        isWebhook: webhookId !== null,
      }
    }),
    webhooks: canManageWebhooks
      ? webhooks
          .filter(({ format }) => format === 'standard')
          .map(({ id, label, host }) => ({ id, label, host }))
      : [],
    canManageWebhooks,
  }
}
