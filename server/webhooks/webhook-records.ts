import { and, asc, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { webhook } from '../../db/schema/state.ts'
import { formatNamed, type WebhookFormat } from '../domain/webhook/format.ts'
import { notFound } from '../errors.ts'
import type { Services } from '../services.ts'
import type { Secret } from '../vault/secret.ts'

/** A webhook as it is listed: its address and secret stay sealed. */
export interface ListedWebhook {
  id: string
  label: string
  host: string
  format: WebhookFormat
  createdAt: Date
}

/** The organization's webhooks, the oldest first. */
export async function listWebhooks(
  transaction: Transaction,
  organizationId: string,
): Promise<ListedWebhook[]> {
  const rows = await transaction
    .select({
      id: webhook.id,
      label: webhook.label,
      host: webhook.host,
      format: webhook.format,
      createdAt: webhook.createdAt,
    })
    .from(webhook)
    .where(eq(webhook.organizationId, organizationId))
    .orderBy(asc(webhook.createdAt), asc(webhook.id))
  return rows.map(row => ({ ...row, format: formatNamed(row.format) }))
}

/** What a webhook's messages look like. @throws {AppError} not_found */
export async function webhookFormat(
  transaction: Transaction,
  { organizationId, webhookId }: { organizationId: string; webhookId: string },
): Promise<WebhookFormat> {
  const [row] = await transaction
    .select({ format: webhook.format })
    .from(webhook)
    .where(and(eq(webhook.organizationId, organizationId), eq(webhook.id, webhookId)))
  if (!row) throw notFound('webhook')
  return formatNamed(row.format)
}

/** Where the vault keeps the two secrets of a webhook. */
export const webhookPlace = (
  organizationId: string,
  webhookId: string,
  field: 'webhook_url' | 'webhook_secret',
) => ({ organizationId, record: webhookId, field })

/** Opens a webhook for one delivery. @throws {AppError} not_found */
export async function openWebhook(
  { vault }: Pick<Services, 'vault'>,
  transaction: Transaction,
  { organizationId, webhookId }: { organizationId: string; webhookId: string },
): Promise<{ url: URL; secret: Secret }> {
  const [row] = await transaction
    .select({ sealedUrl: webhook.sealedUrl, sealedSecret: webhook.sealedSecret })
    .from(webhook)
    .where(and(eq(webhook.organizationId, organizationId), eq(webhook.id, webhookId)))
  if (!row) throw notFound('webhook')
  const url = await vault.open(
    transaction,
    webhookPlace(organizationId, webhookId, 'webhook_url'),
    row.sealedUrl,
  )
  const secret = await vault.open(
    transaction,
    webhookPlace(organizationId, webhookId, 'webhook_secret'),
    row.sealedSecret,
  )
  return { url: new URL(url.reveal()), secret }
}
