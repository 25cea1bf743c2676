import { and, eq } from 'drizzle-orm'
import { alertChannel, webhook } from '../../db/schema/state.ts'
import { type AlertKind, alertKinds } from '../domain/alert/causes.ts'
import { notFound } from '../errors.ts'
import { newId } from '../ledger/ids.ts'
import type { Unit } from '../ledger/ledger.ts'
import { lockHead } from '../ledger/lock-head.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import { closeChannel, isChannel, listChannels } from './channel-records.ts'

type Asking = Pick<Services, 'ledger'>
type Actor = Pick<Access, 'organizationId' | 'userId'>

/** Sends a member alerts of these causes by e-mail from now on; of none, no more. */
export async function chooseMail(
  { ledger }: Asking,
  { organizationId, userId }: Actor,
  causes: readonly AlertKind[],
): Promise<void> {
  await ledger.command(organizationId, `user:${userId}`, async unit => {
    await lockHead(unit)
    await choose(unit, { userId, webhookId: null }, causes)
  })
}

/** Posts alerts of these causes to a webhook from now on; of none, no more. @throws {AppError} not_found */
export async function chooseWebhook(
  { ledger }: Asking,
  { organizationId, userId }: Actor,
  { webhookId, causes }: { webhookId: string; causes: readonly AlertKind[] },
): Promise<void> {
  await ledger.command(organizationId, `user:${userId}`, async unit => {
    await lockHead(unit)
    const [known] = await unit.transaction
      .select({ id: webhook.id })
      .from(webhook)
      .where(and(eq(webhook.organizationId, organizationId), eq(webhook.id, webhookId)))
    if (!known) throw notFound('webhook')
    await choose(unit, { userId: null, webhookId }, causes)
  })
}

/** The same within a command that holds the organization's head. What was told before a channel is not told again. */
export async function choose(
  unit: Unit,
  target: { userId: string | null; webhookId: string | null },
  asked: readonly AlertKind[],
): Promise<void> {
  const { transaction, organizationId, now } = unit
  const causes = alertKinds.filter(kind => asked.includes(kind))
  const channels = await listChannels(transaction, organizationId)
  const before = channels.find(
    ({ userId, webhookId }) => userId === target.userId && webhookId === target.webhookId,
  )
  if (!before) {
    if (causes.length === 0) return
    const channelId = newId()
    const [opened] = await unit.append({ type: 'alert_channel', id: channelId }, 0, [
      { type: 'AlertChannelOpened', payload: { channelId, ...target, causes } },
    ])
    await transaction.insert(alertChannel).values({
      organizationId,
      id: channelId,
      ...target,
      causes,
      createdAt: now,
      sentPosition: opened?.position ?? 0,
    })
    return
  }
  if (causes.length === 0) return closeChannel(unit, before.id, 'ended')
  if (causes.join() === before.causes.join()) return
  await unit.append({ type: 'alert_channel', id: before.id }, 'any', [
    { type: 'AlertChannelChanged', payload: { channelId: before.id, causes } },
  ])
  await transaction.update(alertChannel).set({ causes }).where(isChannel(organizationId, before.id))
}
