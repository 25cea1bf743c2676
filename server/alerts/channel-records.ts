import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { alertChannel } from '../../db/schema/state.ts'
import { type AlertKind, alertKinds } from '../domain/alert/causes.ts'
import type { EventPayload } from '../domain/events.ts'
import type { Unit } from '../ledger/ledger.ts'

type Row = typeof alertChannel.$inferSelect

/** Where alerts go, and which. */
export interface AlertChannel extends Omit<Row, 'organizationId' | 'causes'> {
  causes: AlertKind[]
}

/** Every channel of an organization, the oldest first. */
export async function listChannels(
  transaction: Transaction,
  organizationId: string,
): Promise<AlertChannel[]> {
  const rows = await transaction
    .select()
    .from(alertChannel)
    .where(eq(alertChannel.organizationId, organizationId))
    .orderBy(alertChannel.createdAt, alertChannel.id)
  return rows.map(({ organizationId: _, ...row }) => ({
    ...row,
    causes: alertKinds.filter(kind => row.causes.includes(kind)),
  }))
}

/** The condition for one channel. */
export const isChannel = (organizationId: string, channelId: string) =>
  and(eq(alertChannel.organizationId, organizationId), eq(alertChannel.id, channelId))

/** Takes a channel away and says why in the ledger. */
export async function closeChannel(
  unit: Unit,
  channelId: string,
  reason: EventPayload<'AlertChannelClosed'>['reason'],
): Promise<void> {
  await unit.transaction.delete(alertChannel).where(isChannel(unit.organizationId, channelId))
  await unit.append({ type: 'alert_channel', id: channelId }, 'any', [
    { type: 'AlertChannelClosed', payload: { channelId, reason } },
  ])
}
