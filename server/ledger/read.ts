import { setImmediate } from 'node:timers/promises'
import { and, asc, desc, eq, gt, inArray, lte, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { events } from '../../db/schema/ledger.ts'
import type { EventType } from '../domain/events.ts'
import { decodeEvent, decodeParsed } from './decode.ts'
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
/** Decoded in one go. */
const sliceSize = 250

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
    if (rows.length > 0) yield await decodePage(rows, organizationId)
  }
}

/** An event as one JSON array: position, stream, version, id, type, schema version, milliseconds, actor, payload. */
type EventList = [number, string, number, string, string, number, number, string, unknown]

interface PageRow extends Record<string, unknown> {
  event: string
}

/**
 * Positions have no gap, so that a page is a range of them: a limit would have a planner without statistics sort all that
 * follows. Each event comes as one JSON text with its payload in it, which the engine parses at once: the driver takes
 * longer for a row's columns than for everything else about it, and a replay has millions of them.
 */
async function readPage(
  transaction: Transaction,
  organizationId: string,
  { after, upTo }: { after: number; upTo: number },
): Promise<readonly PageRow[]> {
  return transaction.execute<PageRow>(sql`
    select concat('[', position, ',"', stream_id, '",', stream_version, ',"', event_id, '",', to_json(event_type), ',',
             schema_version, ',', (date_part('epoch', recorded_at) * 1000)::bigint, ',', to_json(actor), ',', payload,
             ']') as event
      from ledger.events
     where organization_id = ${organizationId} and position > ${after}::bigint and position <= ${upTo}::bigint
     order by position`)
}

/**
 * By slices, between which what the server sends meanwhile is taken in: a connection holds little, so that a server whose
 * reader is busy waits.
 */
async function decodePage(rows: readonly PageRow[], organizationId: string): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = []
  for (const [index, row] of rows.entries()) {
    if (index % sliceSize === 0) await setImmediate()
    events.push(decodeRow(row, organizationId))
  }
  return events
}

function decodeRow({ event }: PageRow, organizationId: string): RecordedEvent {
  // As the statement wrote it.
  const list = JSON.parse(event) as EventList
  const [position, streamId, streamVersion, eventId, eventType, schemaVersion, at, actor, payload] = list
  const recordedAt = new Date(at)
  return decodeParsed(
    {
      organizationId,
      position,
      streamId,
      streamVersion,
      eventId,
      eventType,
      schemaVersion,
      recordedAt,
      actor,
    },
    payload,
  )
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
