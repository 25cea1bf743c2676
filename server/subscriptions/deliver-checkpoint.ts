import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { checkpointSubscription, organizationProfile } from '../../db/schema/state.ts'
import { AppError } from '../errors.ts'
import { newestCheckpoint } from '../ledger/checkpoints.ts'
import { derivedId } from '../ledger/ids.ts'
import { readLogKeys } from '../ledger/log-keys.ts'
import { LogTree } from '../ledger/log-tree.ts'
import { base64Of } from '../ledger/strict-base64.ts'
import { formatVerifierKey } from '../ledger/verifier-key.ts'
import { hasAccess } from '../members/has-access.ts'
import { peopleById } from '../members/person-names.ts'
import { isOpen } from '../projections/range.ts'
import type { Services } from '../services.ts'
import { recordAttempt } from '../webhooks/deliveries.ts'
import { openWebhook } from '../webhooks/webhook-records.ts'
import { type CheckpointMessage, checkpointBody, checkpointMail } from './checkpoint-message.ts'
import { endSubscription, listSubscriptions, type Subscription } from './subscription-records.ts'

export const deliveryActor = 'system:delivery'

interface Target {
  organizationId: string
  subscriptionId: string
}

/** What came of one attempt, whatever carried it. `isFinal`: trying again would change nothing. */
type Outcome =
  | { isDelivered: true; status: number | null }
  | { isDelivered: false; status: number | null; isFinal: boolean; explanation: string }

/** An attempt that failed and is worth another: the queue tries again. */
export class DeliveryFailed extends AppError {
  constructor(explanation: string) {
    super('unavailable', `a checkpoint was not delivered: ${explanation}`)
  }
}

/**
 * Sends the newest checkpoint to one subscriber and records what came of it. Nothing happens where there is nothing
 * newer than was sent. A crash between sending and recording sends once more, under the same message id.
 * @param isLastAttempt whether the queue gives up after this one
 * @throws {DeliveryFailed} where it is to be tried again
 */
export async function deliverCheckpoint(
  services: Services,
  target: Target,
  { isLastAttempt, signal }: { isLastAttempt: boolean; signal?: AbortSignal },
): Promise<void> {
  const prepared = await services.database.withOrganization(target.organizationId, transaction =>
    prepare(transaction, target),
  )
  if (!prepared) return
  const { subscription, message } = prepared
  const at = services.clock.now()
  const outcome = subscription.webhookId
    ? await post(services, { ...target, webhookId: subscription.webhookId }, message, signal)
    : await mail(services, target, subscription, message)
  if (outcome === 'access_ended') {
    await services.ledger.command(target.organizationId, deliveryActor, unit =>
      endSubscription(unit, target.subscriptionId, 'access_ended'),
    )
    return
  }
  const hasGivenUp = await record(services, target, message, outcome, { at, isLastAttempt })
  if (!outcome.isDelivered && !hasGivenUp) throw new DeliveryFailed(outcome.explanation)
}

/** Null where the subscription has ended, or has what there is. */
async function prepare(
  transaction: Transaction,
  { organizationId, subscriptionId }: Target,
): Promise<{ subscription: Subscription; message: CheckpointMessage } | null> {
  const all = await listSubscriptions(transaction, organizationId)
  const subscription = all.find(({ id }) => id === subscriptionId)
  const newest = await newestCheckpoint(transaction, organizationId)
  if (!subscription || !newest || newest.size <= (subscription.sentSize ?? 0)) return null
  const [profile] = await transaction
    .select({ slug: organizationProfile.slug, name: organizationProfile.name })
    .from(organizationProfile)
    .where(isOpen(organizationProfile, organizationId))
  if (!profile) throw new AppError('internal', 'an organization without a profile')
  const keys = await readLogKeys(transaction, organizationId)
  const { size, root, note, signedAt } = newest
  const { sentSize } = subscription
  const tree = new LogTree(transaction, organizationId, size)
  return {
    subscription,
    message: {
      organizationId,
      slug: profile.slug,
      organizationName: profile.name,
      size,
      root: base64Of(root),
      note,
      signedAt,
      keys: keys.map(formatVerifierKey),
      previous:
        sentSize === null
          ? null
          : { size: sentSize, proof: (await tree.consistencyProof(sentSize)).map(base64Of) },
    },
  }
}

async function post(
  services: Services,
  target: Target & { webhookId: string },
  message: CheckpointMessage,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  const webhook = await services.database.withOrganization(target.organizationId, transaction =>
    openWebhook(services, transaction, target),
  )
  const id = derivedId('checkpoint', target.subscriptionId, message.size)
  return services.webhooks.post(
    webhook,
    { id, at: services.clock.now(), body: checkpointBody(message) },
    signal,
  )
}

async function mail(
  services: Services,
  { organizationId }: Target,
  { userId, cadence }: Subscription,
  message: CheckpointMessage,
): Promise<Outcome | 'access_ended'> {
  if (
    userId === null ||
    !(await hasAccess(services, { organizationId, userId, permission: 'checkpoints:subscribe' }))
  )
    return 'access_ended'
  const to = (await peopleById(services.database, [userId])).get(userId)?.email
  if (to === undefined) return 'access_ended'
  const auditUrl = `${services.appOrigin}/o/${message.slug}/audit/subscriptions`
  try {
    await services.mailer.send(checkpointMail(message, { to, cadence, auditUrl }))
    return { isDelivered: true, status: null }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const isFinal = error.code === 'bad_input'
    return {
      isDelivered: false,
      status: null,
      isFinal,
      explanation: 'The mail server did not take the mail.',
    }
  }
}

/** @returns whether this was the end of it: delivered, or given up until the next checkpoint */
async function record(
  { ledger }: Pick<Services, 'ledger'>,
  { organizationId, subscriptionId }: Target,
  { size, root }: CheckpointMessage,
  outcome: Outcome,
  { at, isLastAttempt }: { at: Date; isLastAttempt: boolean },
): Promise<boolean> {
  const { isDelivered, status } = outcome
  return ledger.command(organizationId, deliveryActor, async unit => {
    const explanation = outcome.isDelivered ? null : outcome.explanation
    const attempts = await recordAttempt(unit.transaction, organizationId, {
      targetId: subscriptionId,
      subject: `checkpoint ${size}`,
      at,
      isDelivered,
      status,
      explanation,
    })
    const isOver = outcome.isDelivered || outcome.isFinal || isLastAttempt
    if (!isOver) return false
    const payload = { subscriptionId, size }
    await unit.append({ type: 'subscription', id: subscriptionId }, 'any', [
      explanation === null
        ? {
            type: 'CheckpointDelivered',
            payload: { ...payload, root: Buffer.from(root, 'base64').toString('hex') },
          }
        : { type: 'CheckpointDeliveryFailed', payload: { ...payload, attempts, explanation } },
    ])
    // A checkpoint that was given up is not tried again before the cadence asks for the next.
    await unit.transaction
      .update(checkpointSubscription)
      .set({ sentAt: at, ...(isDelivered ? { sentSize: size } : {}) })
      .where(
        and(
          eq(checkpointSubscription.organizationId, organizationId),
          eq(checkpointSubscription.id, subscriptionId),
        ),
      )
    return true
  })
}
