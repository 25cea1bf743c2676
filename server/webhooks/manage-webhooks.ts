import { and, count, eq } from 'drizzle-orm'
import { checkpointSubscription, webhook } from '../../db/schema/state.ts'
import { closeChannel, listChannels } from '../alerts/channel-records.ts'
import { choose } from '../alerts/choose-alerts.ts'
import { addressee } from '../alerts/read-message.ts'
import { testNote, testWords } from '../alerts/test-note.ts'
import { alertKinds } from '../domain/alert/causes.ts'
import type { WebhookFormat } from '../domain/webhook/format.ts'
import { AppError, notFound } from '../errors.ts'
import { limitAction } from '../http/rate-limit.ts'
import { newId } from '../ledger/ids.ts'
import type { Unit } from '../ledger/ledger.ts'
import { lockHead } from '../ledger/lock-head.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import { endSubscription } from '../subscriptions/subscription-records.ts'
import { Secret } from '../vault/secret.ts'
import { recordAttempt } from './deliveries.ts'
import type { PostOutcome } from './post.ts'
import { renderBody } from './render-body.ts'
import { newSigningSecret } from './sign.ts'
import { readTarget } from './target.ts'
import { listWebhooks, openWebhook, webhookFormat, webhookPlace } from './webhook-records.ts'

type Actor = Pick<Access, 'organizationId' | 'userId'>

const mostWebhooks = 20

/**
 * Adds an address that signed messages are posted to. Address and signing secret are sealed at once: the address of a
 * chat is a secret itself, since whoever knows it can post there. All alerts go to it until somebody chooses.
 * @returns the signing secret in clear: it is shown this once, for the receiver to check signatures with
 * @throws {AppError} bad_input by field
 */
export async function addWebhook(
  services: Services,
  { organizationId, userId }: Actor,
  input: { label: string; url: string; format: WebhookFormat },
): Promise<{ webhookId: string; signingSecret: Secret }> {
  const url = readTarget(input.url.trim(), services.webhooks.rules)
  const { format } = input
  const label = input.label.trim() || url.host
  const signingSecret = newSigningSecret()
  const webhookId = newId()
  await services.ledger.command(organizationId, `user:${userId}`, async unit => {
    const { transaction, now } = unit
    await lockHead(unit)
    const [known] = await transaction
      .select({ count: count() })
      .from(webhook)
      .where(eq(webhook.organizationId, organizationId))
    if ((known?.count ?? 0) >= mostWebhooks) throw tooMany()
    await assertNew(services, unit, url)
    const sealedUrl = await services.vault.seal(
      transaction,
      webhookPlace(organizationId, webhookId, 'webhook_url'),
      new Secret(url.href),
    )
    const sealedSecret = await services.vault.seal(
      transaction,
      webhookPlace(organizationId, webhookId, 'webhook_secret'),
      signingSecret,
    )
    await unit.append({ type: 'webhook', id: webhookId }, 0, [
      { type: 'WebhookAdded', payload: { webhookId, host: url.host, format } },
    ])
    await transaction.insert(webhook).values({
      organizationId,
      id: webhookId,
      label,
      host: url.host,
      format,
      sealedUrl,
      sealedSecret,
      createdBy: userId,
      createdAt: now,
    })
    await choose(unit, { userId: null, webhookId }, alertKinds)
  })
  return { webhookId, signingSecret }
}

/**
 * Destroys a webhook's address and secret, and ends what was sent to it.
 * @throws {AppError} not_found; bad_input on `confirmation` where it is not the webhook's name
 */
export async function removeWebhook(
  { ledger }: Pick<Services, 'ledger'>,
  { organizationId, userId }: Actor,
  { webhookId, confirmation }: { webhookId: string; confirmation: string },
): Promise<void> {
  await ledger.command(organizationId, `user:${userId}`, async unit => {
    const label = await endWebhook(unit, webhookId)
    if (confirmation.trim() !== label) throw notConfirmed(label)
  })
}

const notConfirmed = (label: string) =>
  new AppError('bad_input', 'removal not confirmed', {
    userMessage: 'Nothing was removed: what was typed is not the name of the webhook.',
    fields: { confirmation: `Type ${label}.` },
  })

/** The same inside a command: also where the organization itself ends. @returns its name @throws {AppError} not_found */
export async function endWebhook(unit: Unit, webhookId: string): Promise<string> {
  const { transaction, organizationId } = unit
  const isIt = and(eq(webhook.organizationId, organizationId), eq(webhook.id, webhookId))
  const [known] = await transaction.select({ label: webhook.label }).from(webhook).where(isIt).for('update')
  if (!known) throw notFound('webhook')
  const [subscription] = await transaction
    .select({ id: checkpointSubscription.id })
    .from(checkpointSubscription)
    .where(
      and(
        eq(checkpointSubscription.organizationId, organizationId),
        eq(checkpointSubscription.webhookId, webhookId),
      ),
    )
  const channel = (await listChannels(transaction, organizationId)).find(each => each.webhookId === webhookId)
  if (channel) await closeChannel(unit, channel.id, 'webhook_removed')
  if (subscription) await endSubscription(unit, subscription.id, 'webhook_removed')
  await transaction.delete(webhook).where(isIt)
  await unit.append({ type: 'webhook', id: webhookId }, 'any', [
    { type: 'WebhookRemoved', payload: { webhookId } },
  ])
  return known.label
}

/** Posts a test message now and says what came of it. @throws {AppError} not_found, too_many_requests */
export async function testWebhook(
  services: Services,
  { organizationId, userId }: Actor,
  webhookId: string,
): Promise<PostOutcome> {
  const { target, format, about } = await services.database.withOrganization(
    organizationId,
    async transaction => ({
      target: await openWebhook(services, transaction, { organizationId, webhookId }),
      format: await webhookFormat(transaction, { organizationId, webhookId }),
      about: await addressee(services, transaction, organizationId),
    }),
  )
  await limitAction(services.database, 'webhook_test', organizationId)
  const at = services.clock.now()
  const outcome = await services.webhooks.post(target, {
    id: newId(),
    at,
    body: renderBody(format, testNote(about), {
      type: 'test',
      timestamp: at.toISOString(),
      data: { organizationId, words: testWords },
    }),
  })
  await services.ledger.command(organizationId, `user:${userId}`, async unit => {
    const { isDelivered, status } = outcome
    const explanation = outcome.isDelivered ? null : outcome.explanation
    await unit.append({ type: 'webhook', id: webhookId }, 'any', [
      { type: 'WebhookTested', payload: { webhookId, isDelivered, status } },
    ])
    await recordAttempt(unit.transaction, organizationId, {
      targetId: webhookId,
      subject: 'test',
      at,
      isDelivered,
      status,
      explanation,
    })
  })
  return outcome
}

/** The same address twice would get everything twice. Addresses are sealed: those of the same host are opened. */
async function assertNew(
  services: Pick<Services, 'vault'>,
  { transaction, organizationId }: Unit,
  url: URL,
): Promise<void> {
  for (const { id: webhookId, label, host } of await listWebhooks(transaction, organizationId)) {
    if (host !== url.host) continue
    const known = await openWebhook(services, transaction, { organizationId, webhookId })
    if (known.url.href === url.href) {
      const words = `This address is there already: ${label}.`
      throw new AppError('bad_input', 'a webhook twice', { fields: { url: words } })
    }
  }
}

const tooMany = () =>
  new AppError('precondition_failed', 'too many webhooks', {
    userMessage: `An organization has at most ${mostWebhooks} webhooks. Remove one that is no longer used.`,
  })
