import { and, asc, desc, eq, gt, gte, inArray, lt, lte, type SQL } from 'drizzle-orm'
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

export interface EventFilter {
  /** Position as of which is asked: nothing later is shown. */
  upTo: number
  /** Keyset: events before this position. */
  before?: number
  types?: readonly EventType[]
  streamId?: string
  actor?: string
  from?: Date
  to?: Date
}

/** One page of events, newest first. */
export async function readPage(
  transaction: Transaction,
  organizationId: string,
  filter: EventFilter,
  limit: number,
): Promise<(RecordedEvent & { leafHash: string })[]> {
  const conditions: SQL[] = [eq(events.organizationId, organizationId), lte(events.position, filter.upTo)]
  if (filter.before !== undefined) conditions.push(lt(events.position, filter.before))
  if (filter.types?.length) conditions.push(inArray(events.eventType, [...filter.types]))
  if (filter.streamId) conditions.push(eq(events.streamId, filter.streamId))
  if (filter.actor) conditions.push(eq(events.actor, filter.actor))
  if (filter.from) conditions.push(gte(events.recordedAt, filter.from))
  if (filter.to) conditions.push(lt(events.recordedAt, filter.to))
  const rows = await transaction
    .select({ ...columns, leafHash: events.leafHash })
    .from(events)
    .where(and(...conditions))
    .orderBy(desc(events.position))
    .limit(limit)
  return rows.map(({ leafHash, ...row }) => ({ ...decodeEvent(row), leafHash: leafHash.toString('hex') }))
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
