import { type AlertKind, alertKinds } from '../domain/alert/causes.ts'
import { alertKindNames } from '../domain/alert/words.ts'
import { isAllowed } from '../domain/member/roles.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import { latestAttempts, type RecordedAttempt } from '../webhooks/deliveries.ts'
import { type ListedWebhook, listWebhooks } from '../webhooks/webhook-records.ts'
import { channelNames } from './channel-names.ts'
import { listChannels } from './channel-records.ts'

/** Where alerts go, as far as the reader may see it. */
export interface ShownChannels {
  kinds: { kind: AlertKind; name: string }[]
  /** What the reader gets by e-mail; none where nothing was chosen. */
  mail: { causes: AlertKind[]; attempts: RecordedAttempt[] }
  /** For who manages webhooks; none for others. */
  webhooks: (ListedWebhook & { causes: AlertKind[]; attempts: RecordedAttempt[] })[]
  /** Who else gets mails, for who manages webhooks. */
  others: { receiver: string; causes: AlertKind[]; attempts: RecordedAttempt[] }[]
  canManageWebhooks: boolean
}

/** It is always of now: what it was is in the audit trail. */
export async function showChannels(
  services: Pick<Services, 'database'>,
  { organizationId, userId, role }: Access,
): Promise<ShownChannels> {
  const canManageWebhooks = isAllowed(role, 'webhooks:manage')
  return services.database.withOrganization(organizationId, async transaction => {
    const channels = await listChannels(transaction, organizationId)
    const webhooks = canManageWebhooks ? await listWebhooks(transaction, organizationId) : []
    const nameOf = await channelNames(services, transaction, organizationId)
    const attemptsAt = async (...targets: (string | undefined)[]) => {
      const found = []
      for (const target of targets)
        if (target) found.push(...(await latestAttempts(transaction, organizationId, target)))
      return found.toSorted((one, other) => other.at.getTime() - one.at.getTime()).slice(0, 10)
    }
    const own = channels.find(channel => channel.userId === userId)
    const shownWebhooks = []
    for (const webhook of webhooks) {
      const channel = channels.find(({ webhookId }) => webhookId === webhook.id)
      shownWebhooks.push({
        ...webhook,
        causes: channel?.causes ?? [],
        attempts: await attemptsAt(channel?.id, webhook.id),
      })
    }
    const others = []
    for (const channel of canManageWebhooks ? channels : []) {
      if (channel.userId === null || channel.userId === userId) continue
      const { id, causes } = channel
      others.push({ receiver: nameOf(id), causes, attempts: await attemptsAt(id) })
    }
    return {
      kinds: alertKinds.map(kind => ({ kind, name: alertKindNames[kind] })),
      mail: { causes: own?.causes ?? [], attempts: await attemptsAt(own?.id) },
      webhooks: shownWebhooks,
      others,
      canManageWebhooks,
    }
  })
}
