import { and, eq } from 'drizzle-orm'
import { checkpointSubscription, webhook } from '../../db/schema/state.ts'
import { isAllowed } from '../domain/member/roles.ts'
import type { Cadence } from '../domain/subscription/cadence.ts'
import { AppError, notFound } from '../errors.ts'
import { newId } from '../ledger/ids.ts'
import type { Unit } from '../ledger/ledger.ts'
import { lockHead } from '../ledger/lock-head.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import { endSubscription, listSubscriptions } from './subscription-records.ts'

/** Sends a member checkpoints by e-mail from now on; asked again, at another cadence. */
export async function subscribeByMail(
  { ledger }: Pick<Services, 'ledger'>,
  { organizationId, userId }: Access,
  cadence: Cadence,
): Promise<void> {
  await ledger.command(organizationId, `user:${userId}`, unit =>
    subscribe(unit, { userId, webhookId: null, cadence }),
  )
}

/** Sends a webhook checkpoints from now on; asked again, at another cadence. @throws {AppError} not_found */
export async function subscribeWebhook(
  { ledger }: Pick<Services, 'ledger'>,
  { organizationId, userId }: Access,
  { webhookId, cadence }: { webhookId: string; cadence: Cadence },
): Promise<void> {
  await ledger.command(organizationId, `user:${userId}`, async unit => {
    const [known] = await unit.transaction
      .select({ format: webhook.format })
      .from(webhook)
      .where(and(eq(webhook.organizationId, organizationId), eq(webhook.id, webhookId)))
      .for('share')
    if (!known) throw notFound('webhook')
    if (known.format !== 'standard') throw forPeople()
    await subscribe(unit, { userId: null, webhookId, cadence })
  })
}

/** Ends one's own subscription, or a webhook's for who may manage webhooks. @throws {AppError} not_found */
export async function unsubscribe(
  { ledger }: Pick<Services, 'ledger'>,
  { organizationId, userId, role }: Access,
  subscriptionId: string,
): Promise<void> {
  await ledger.command(organizationId, `user:${userId}`, async unit => {
    const all = await listSubscriptions(unit.transaction, organizationId)
    const known = all.find(({ id }) => id === subscriptionId)
    const isTheirs = known?.userId === userId || (known !== undefined && isAllowed(role, 'webhooks:manage'))
    if (!isTheirs) throw notFound('subscription')
    await endSubscription(unit, subscriptionId, 'ended')
  })
}

const forPeople = () =>
  new AppError('bad_input', 'a checkpoint to a chat', {
    fields: { webhookId: 'A chat cannot keep checkpoints. Choose a webhook of the standard format.' },
  })

async function subscribe(
  unit: Unit,
  target: { userId: string | null; webhookId: string | null; cadence: Cadence },
) {
  const { transaction, organizationId, now } = unit
  // One of two at once makes the subscription, the other finds it.
  await lockHead(unit)
  const all = await listSubscriptions(transaction, organizationId)
  const before = all.find(
    ({ userId, webhookId }) => userId === target.userId && webhookId === target.webhookId,
  )
  if (before?.cadence === target.cadence) return
  const subscriptionId = before?.id ?? newId()
  await unit.append({ type: 'subscription', id: subscriptionId }, 'any', [
    { type: 'CheckpointSubscribed', payload: { subscriptionId, ...target } },
  ])
  if (before) {
    await transaction
      .update(checkpointSubscription)
      .set({ cadence: target.cadence })
      .where(
        and(
          eq(checkpointSubscription.organizationId, organizationId),
          eq(checkpointSubscription.id, subscriptionId),
        ),
      )
  } else {
    await transaction
      .insert(checkpointSubscription)
      .values({ organizationId, id: subscriptionId, ...target, createdAt: now })
  }
}
