import type { Transaction } from '../../db/client.ts'
import { alertChannel } from '../../db/schema/state.ts'
import { mostAttempts, restAfter } from '../domain/alert-channel/attempts.ts'
import { AppError } from '../errors.ts'
import { readLogHead } from '../ledger/checkpoints.ts'
import { derivedId } from '../ledger/ids.ts'
import type { Unit } from '../ledger/ledger.ts'
import { hasAccess } from '../members/has-access.ts'
import { peopleById } from '../members/person-names.ts'
import type { Services } from '../services.ts'
import { recordAttempt } from '../webhooks/deliveries.ts'
import type { PostOutcome } from '../webhooks/post.ts'
import { renderBody } from '../webhooks/render-body.ts'
import { openWebhook, webhookFormat } from '../webhooks/webhook-records.ts'
import { type AlertMessage, alertBody, alertMail, alertNote } from './alert-message.ts'
import { closeChannel, isChannel } from './channel-records.ts'
import { hasNews } from './due-alerts.ts'
import { readMessage } from './read-message.ts'

const deliveryActor = 'system:delivery'

interface Target {
  organizationId: string
  channelId: string
}

type Channel = typeof alertChannel.$inferSelect

/** What came of one attempt, whatever carried it. */
type Outcome = PostOutcome | { isDelivered: true; status: null }

/** A message under way: what it tells stays the same, however often it is tried. */
interface Claimed {
  channel: Channel
  claimedPosition: number
  messageId: string
  message: AlertMessage
}

/**
 * Sends a channel everything that is new for it, as one message, and records what came of it. What one message tells is
 * settled before it is sent: whoever sends it again after a crash sends the same under the same id. A channel that fails
 * rests, longer each time, and then what it did not take is given up.
 */
export async function deliverAlerts(services: Services, target: Target, signal?: AbortSignal): Promise<void> {
  const claimed = await services.database.withOrganization(target.organizationId, transaction =>
    claim(services, transaction, target),
  )
  if (!claimed) return
  const at = services.clock.now()
  const outcome = await send(services, target, claimed, signal)
  await services.ledger.command(target.organizationId, deliveryActor, unit =>
    outcome === 'access_ended'
      ? closeChannel(unit, target.channelId, 'access_ended')
      : record(services, unit, target, claimed, { outcome, at }),
  )
}

/** Settles what the next message tells. Null where the channel is gone, rests, or has heard everything. */
async function claim(
  services: Services,
  transaction: Transaction,
  { organizationId, channelId }: Target,
): Promise<Claimed | null> {
  const isIt = isChannel(organizationId, channelId)
  const [channel] = await transaction.select().from(alertChannel).where(isIt).for('update')
  if (!channel) return null
  if (channel.nextAttemptAt !== null && channel.nextAttemptAt > services.clock.now()) {
    const startAfter = channel.nextAttemptAt
    await services.queue.enqueue(transaction, 'deliver-alerts', { organizationId, channelId }, { startAfter })
    return null
  }
  const claimedPosition = channel.claimedPosition ?? (await readLogHead(transaction, organizationId)).size - 1
  const { sentPosition: after, causes } = channel
  const message = await readMessage(services, transaction, {
    organizationId,
    after,
    upTo: claimedPosition,
    causes,
  })
  if (!message) {
    const told = { sentPosition: Math.max(after, claimedPosition), claimedPosition: null }
    await transaction.update(alertChannel).set(told).where(isIt)
    return null
  }
  await transaction.update(alertChannel).set({ claimedPosition }).where(isIt)
  return {
    channel,
    claimedPosition,
    messageId: derivedId('alerts', channelId, claimedPosition),
    message,
  }
}

async function send(
  services: Services,
  { organizationId }: Target,
  { channel: { userId, webhookId }, message, messageId }: Claimed,
  signal: AbortSignal | undefined,
): Promise<Outcome | 'access_ended'> {
  if (webhookId !== null) {
    const { target, format } = await services.database.withOrganization(
      organizationId,
      async transaction => ({
        target: await openWebhook(services, transaction, { organizationId, webhookId }),
        format: await webhookFormat(transaction, { organizationId, webhookId }),
      }),
    )
    const body = renderBody(format, alertNote(message), alertBody(message))
    return services.webhooks.post(target, { id: messageId, at: services.clock.now(), body }, signal)
  }
  const permission = 'alerts:receive'
  if (userId === null || !(await hasAccess(services, { organizationId, userId, permission })))
    return 'access_ended'
  const to = (await peopleById(services.database, [userId])).get(userId)?.email
  if (to === undefined) return 'access_ended'
  try {
    await services.mailer.send(alertMail(message, { to, messageId }))
    return { isDelivered: true, status: null }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const explanation = 'The mail server did not take the mail.'
    return { isDelivered: false, status: null, isFinal: error.code === 'bad_input', explanation }
  }
}

async function record(
  services: Pick<Services, 'queue'>,
  unit: Unit,
  { organizationId, channelId }: Target,
  { claimedPosition, messageId, message }: Claimed,
  { outcome, at }: { outcome: Outcome; at: Date },
): Promise<void> {
  const { transaction } = unit
  const isIt = isChannel(organizationId, channelId)
  const [channel] = await transaction.select().from(alertChannel).where(isIt).for('update')
  // Another process recorded this message meanwhile, or the channel is gone.
  if (channel?.claimedPosition !== claimedPosition) return
  const { isDelivered, status } = outcome
  const explanation = outcome.isDelivered ? null : outcome.explanation
  await recordAttempt(transaction, organizationId, {
    targetId: channelId,
    subject: subjectOf(message, claimedPosition),
    at,
    isDelivered,
    status,
    explanation,
  })
  const attempts = channel.attempts + 1
  const again = (startAfter?: Date) =>
    services.queue.enqueue(
      transaction,
      'deliver-alerts',
      { organizationId, channelId },
      startAfter ? { startAfter } : {},
    )
  if (!outcome.isDelivered && !outcome.isFinal && attempts < mostAttempts) {
    const nextAttemptAt = new Date(unit.now.getTime() + restAfter(attempts))
    await transaction.update(alertChannel).set({ attempts, nextAttemptAt }).where(isIt)
    return again(nextAttemptAt)
  }
  const payload = {
    channelId,
    messageId,
    alerts: message.alerts.map(({ alertId }) => alertId),
    attempts,
  }
  await unit.append({ type: 'alert_channel', id: channelId }, 'any', [
    explanation === null
      ? { type: 'AlertDelivered', payload }
      : { type: 'AlertDeliveryFailed', payload: { ...payload, explanation } },
  ])
  const settled = { sentPosition: claimedPosition, claimedPosition: null, attempts: 0, nextAttemptAt: null }
  await transaction.update(alertChannel).set(settled).where(isIt)
  // What came while this was under way found a delivery at work, and may not have left one of its own.
  const rest = { organizationId, after: claimedPosition, causes: channel.causes }
  if (await hasNews(transaction, rest)) await again()
}

const subjectOf = ({ alerts }: AlertMessage, position: number) =>
  `${alerts.length} ${alerts.length === 1 ? 'alert' : 'alerts'}, up to event ${position}`
