import { and, asc, desc, eq, gt, inArray, lte } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { events } from '../../db/schema/ledger.ts'
import type { EventType } from '../domain/events.ts'
import { decodeEvent } from './decode.ts'
import type { RecordedEvent } from './recorded-event.ts'

/** All events of one stream, oldest first. */
export async function readStream(
  transaction: Transaction,
  organizationId: string,
  streamId: string,
): Promise<RecordedEvent[]> {
  const rows = await transaction
    .select(columns)
    .from(events)
    .where(and(eq(events.organizationId, organizationId), eq(events.streamId, streamId)))
    .orderBy(asc(events.streamVersion))
  return rows.map(decodeEvent)
}

/** All events of some types, oldest first: of types that are few by nature. */
export async function readEventsOf(
  transaction: Transaction,
  organizationId: string,
  types: readonly EventType[],
): Promise<RecordedEvent[]> {
  const rows = await transaction
    .select(columns)
    .from(events)
    .where(and(eq(events.organizationId, organizationId), inArray(events.eventType, [...types])))
    .orderBy(asc(events.position))
  return rows.map(decodeEvent)
}

const pageSize = 5_000

/** Replays an organization's events in order, by keyset pages, up to and including `upTo`. */
export async function* replay(
  transaction: Transaction,
  organizationId: string,
  options: { after?: number; upTo: number },
): AsyncGenerator<RecordedEvent[]> {
  let after = options.after ?? -1
  while (after < options.upTo) {
    const rows = await transaction
      .select(columns)
      .from(events)
      .where(
        and(
          eq(events.organizationId, organizationId),
          gt(events.position, after),
          lte(events.position, options.upTo),
        ),
      )
      .orderBy(asc(events.position))
      .limit(pageSize)
    const last = rows.at(-1)
    if (!last) return
    after = last.position
    yield rows.map(decodeEvent)
  }
}

/** The last events of one stream as of a position, newest first. */
export async function readStreamEnd(
  transaction: Transaction,
  organizationId: string,
  { streamId, upTo, limit }: { streamId: string; upTo: number; limit: number },
): Promise<RecordedEvent[]> {
  const rows = await transaction
    .select(columns)
    .from(events)
    .where(
      and(
        eq(events.organizationId, organizationId),
        eq(events.streamId, streamId),
        lte(events.position, upTo),
      ),
    )
    .orderBy(desc(events.position))
    .limit(limit)
  return rows.map(decodeEvent)
}

const columns = {
  organizationId: events.organizationId,
  position: events.position,
  streamId: events.streamId,
  streamVersion: events.streamVersion,
  eventId: events.eventId,
  eventType: events.eventType,
  schemaVersion: events.schemaVersion,
  recordedAt: events.recordedAt,
  actor: events.actor,
  payload: events.payload,
}
