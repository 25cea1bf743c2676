import { and, asc, eq, gt, lte, type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { events, streams } from '../../db/schema/ledger.ts'
import { envelopeText } from '../ledger/envelope.ts'
import { cloudEventText } from './cloud-event.ts'
import type { PartContext } from './part.ts'

/** Which events: those after one position up to and with another, or at the given positions. */
export type EventRange = { after: number; upTo: number } | { positions: readonly number[] }

/** Divides the lines of a file. */
const pageSize = 1_000

type Context = Pick<PartContext, 'services' | 'scope' | 'log' | 'done'>

/** Each event as its CloudEvents line, oldest first. */
export async function* eventLines(context: Context, range: EventRange): AsyncGenerator<string[]> {
  const { organizationId } = context.scope
  const lines = pages(
    context,
    range,
    (transaction, where) =>
      transaction
        .select({ ...columns, payload: events.payload, streamType: streams.streamType })
        .from(events)
        .innerJoin(
          streams,
          and(eq(streams.organizationId, organizationId), eq(streams.streamId, events.streamId)),
        )
        .where(and(eq(events.organizationId, organizationId), where))
        .orderBy(asc(events.position)),
    row => cloudEventText(row, context.log.origin),
  )
  for await (const page of lines) {
    yield page
    context.done(page.length)
  }
}

/** Each event's leaf, oldest first. The payload stays where it is: its hash is all that a leaf has of it. */
export function leafLines(context: Context, range: EventRange): AsyncGenerator<string[]> {
  const { organizationId } = context.scope
  const payloadSha256 = sql<string>`encode(sha256(convert_to(${events.payload}, 'UTF8')), 'hex')`
  return pages(
    context,
    range,
    (transaction, where) =>
      transaction
        .select({ ...columns, payloadSha256 })
        .from(events)
        .where(and(eq(events.organizationId, organizationId), where))
        .orderBy(asc(events.position)),
    row => envelopeText({ ...row, organizationId }),
  )
}

/**
 * By pages, each in a transaction of its own: the positions pin what is read, and nothing is held while it is written.
 * Positions have no gap, so that a page of a range is a range itself: a limit alone would have a planner without
 * statistics sort all that follows.
 */
async function* pages<Row extends { position: number }>(
  { services, scope }: Context,
  range: EventRange,
  read: (transaction: Transaction, where: SQL | undefined) => Promise<Row[]>,
  lineOf: (row: Row) => string,
): AsyncGenerator<string[]> {
  const readWhere = (where: SQL | undefined) =>
    services.database.withOrganization(scope.organizationId, transaction => read(transaction, where))
  if ('upTo' in range) {
    for (let after = range.after; after < range.upTo; after += pageSize) {
      const end = Math.min(after + pageSize, range.upTo)
      const rows = await readWhere(and(gt(events.position, after), lte(events.position, end)))
      if (rows.length > 0) yield rows.map(lineOf)
    }
    return
  }
  for (let start = 0; start < range.positions.length; start += pageSize) {
    const asked = sql.param(range.positions.slice(start, start + pageSize))
    const rows = await readWhere(sql`${events.position} = any(${asked}::bigint[])`)
    if (rows.length > 0) yield rows.map(lineOf)
  }
}

const columns = {
  position: events.position,
  recordedAt: events.recordedAt,
  eventId: events.eventId,
  type: events.eventType,
  schemaVersion: events.schemaVersion,
  streamId: events.streamId,
  streamVersion: events.streamVersion,
  actor: events.actor,
}
