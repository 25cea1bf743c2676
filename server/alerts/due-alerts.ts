import { and, arrayOverlaps, eq, gt, inArray } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { alert, alertChannel } from '../../db/schema/state.ts'
import type { AlertKind } from '../domain/alert/causes.ts'
import type { Unit } from '../ledger/ledger.ts'
import type { Queue } from '../queue.ts'
import { listChannels } from './channel-records.ts'

/** What comes within this time goes out as one message. */
const digestWindow = 60_000

/** Puts a delivery into the queue for every channel that chose one of these causes, in the transaction of what it tells. */
export async function enqueueDeliveries(
  queue: Queue,
  { transaction, organizationId, now }: Pick<Unit, 'transaction' | 'organizationId' | 'now'>,
  kinds: readonly AlertKind[],
): Promise<void> {
  const channels = await transaction
    .select({ channelId: alertChannel.id })
    .from(alertChannel)
    .where(
      and(eq(alertChannel.organizationId, organizationId), arrayOverlaps(alertChannel.causes, [...kinds])),
    )
  const startAfter = new Date(now.getTime() + digestWindow)
  for (const { channelId } of channels)
    await queue.enqueue(transaction, 'deliver-alerts', { organizationId, channelId }, { startAfter })
}

/** The safety net: a delivery for every channel that has not heard everything, whatever became of its job. */
export async function enqueueMissingDeliveries(
  queue: Queue,
  transaction: Transaction,
  organizationId: string,
): Promise<void> {
  for (const { id: channelId, sentPosition: after, claimedPosition, causes } of await listChannels(
    transaction,
    organizationId,
  )) {
    if (claimedPosition === null && !(await hasNews(transaction, { organizationId, after, causes }))) continue
    await queue.enqueue(transaction, 'deliver-alerts', { organizationId, channelId })
  }
}

/** Whether anything became of an alert of these causes behind a position. */
export async function hasNews(
  transaction: Transaction,
  { organizationId, after, causes }: { organizationId: string; after: number; causes: readonly string[] },
): Promise<boolean> {
  const [row] = await transaction
    .select({ id: alert.id })
    .from(alert)
    .where(
      and(
        eq(alert.organizationId, organizationId),
        gt(alert.fromPosition, after),
        inArray(alert.kind, [...causes]),
      ),
    )
    .limit(1)
  return row !== undefined
}
