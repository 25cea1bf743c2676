import { and, asc, desc, eq, gt, inArray, lte, sql } from 'drizzle-orm'
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

/** Events of some types, oldest first, of a stretch or of all: of types that are few by nature. */
export async function readEventsOf(
  transaction: Transaction,
  organizationId: string,
  types: readonly EventType[],
  { after, upTo }: { after?: number; upTo?: number } = {},
): Promise<RecordedEvent[]> {
  const rows = await transaction
    .select(columns)
    .from(events)
    .where(
      and(
        eq(events.organizationId, organizationId),
        inArray(events.eventType, [...types]),
        after === undefined ? undefined : gt(events.position, after),
        upTo === undefined ? undefined : lte(events.position, upTo),
      ),
    )
    .orderBy(asc(events.position))
  return rows.map(decodeEvent)
}

const pageSize = 5_000

/**
 * Replays an organization's events in order, by pages, up to and including `upTo`. The server reads a page while the one
 * before is worked on.
 */
export async function* replay(
  transaction: Transaction,
  organizationId: string,
  options: { after?: number; upTo: number },
): AsyncGenerator<RecordedEvent[]> {
  const { after = -1, upTo } = options
  const pageAfter = (position: number) =>
    readPage(transaction, organizationId, { after: position, upTo: Math.min(position + pageSize, upTo) })
  let next = after < upTo ? pageAfter(after) : null
  for (let end = after + pageSize; next !== null; end += pageSize) {
    const rows = await next
    next = end < upTo ? pageAfter(end) : null
    // Awaited in its turn; where the reader leaves early, nobody asks how it ended.
    next?.catch(() => undefined)
    if (rows.length > 0) yield decodePage(rows, organizationId)
  }
}

interface PageRow extends Record<string, unknown> {
  position: string
  stream_id: string
  stream_version: string
  event_id: string
  event_type: string
  schema_version: number
  recorded_at: string
  actor: string
  payload: string
}

/**
 * Positions have no gap, so that a page is a range of them: a limit would have a planner without statistics sort all that
 * follows. Past the query builder, which maps each row column by column: a replay has millions of them.
 */
async function readPage(
  transaction: Transaction,
  organizationId: string,
  { after, upTo }: { after: number; upTo: number },
): Promise<readonly PageRow[]> {
  return transaction.execute<PageRow>(sql`
    select position, stream_id, stream_version, event_id, event_type, schema_version, recorded_at, actor, payload
      from ledger.events
     where organization_id = ${organizationId} and position > ${after}::bigint and position <= ${upTo}::bigint
     order by position`)
}

const decodePage = (rows: readonly PageRow[], organizationId: string): RecordedEvent[] =>
  rows.map(row =>
    decodeEvent({
      organizationId,
      position: Number(row.position),
      streamId: row.stream_id,
      streamVersion: Number(row.stream_version),
      eventId: row.event_id,
      eventType: row.event_type,
      schemaVersion: row.schema_version,
      recordedAt: new Date(row.recorded_at),
      actor: row.actor,
      payload: row.payload,
    }),
  )

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
