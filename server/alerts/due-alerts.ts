import { and, arrayOverlaps, eq } from 'drizzle-orm'
import { alertChannel } from '../../db/schema/state.ts'
import type { AlertKind } from '../domain/alert/causes.ts'
import type { Unit } from '../ledger/ledger.ts'
import type { Queue } from '../queue.ts'

/** What comes within this time goes out as one message. */
export const digestWindow = 60_000

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
