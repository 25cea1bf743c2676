import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { AppError } from '../errors.ts'
import { canonicalText } from './canonical.ts'
import { domainEvent, schemaVersion } from './decode.ts'
import { newId } from './ids.ts'
import type { NewEvent, RecordedEvent, StreamReference } from './recorded-event.ts'

export interface AppendOptions {
  organizationId: string
  stream: StreamReference
  /** The version the decision was made on: 0 for a new stream, `'any'` where order does not matter. */
  expectedVersion: number | 'any'
  events: readonly NewEvent[]
  actor: string
  /** The Clock's now; stored as at least 1 ms after the event before. */
  at: Date
}

/** Another command appended to the stream since it was read: load, decide and append again. */
export class VersionConflict extends AppError {
  constructor(cause: unknown) {
    super('conflict', 'the stream has another version than expected', { cause })
  }
}

/**
 * Appends through `ledger.append`, the only write path. Payloads are checked by their schema and stored in canonical form.
 * @throws {VersionConflict} when the stream moved on
 */
export async function append(transaction: Transaction, options: AppendOptions): Promise<RecordedEvent[]> {
  const { organizationId, stream, actor, at } = options
  const events = options.events.map(event => {
    const checked = domainEvent(event.type, event.payload)
    return { checked, id: event.id ?? newId(), payload: canonicalText(checked.payload) }
  })
  const expected = options.expectedVersion === 'any' ? -1 : options.expectedVersion
  const rows = await transaction
    .execute<{ first_position: string; version: string; recorded_at: string }>(sql`
      select * from ledger.append(${organizationId}::uuid, ${stream.id}::uuid, ${stream.type}, ${expected}::bigint,
        ${sql.param(events.map(event => event.id))}::uuid[],
        ${sql.param(events.map(event => event.checked.type))}::text[],
        ${sql.param(events.map(() => schemaVersion))}::int[],
        ${sql.param(events.map(event => event.payload))}::text[],
        ${actor}, ${at.toISOString()}::timestamptz)`)
    .catch((error: unknown) => {
      throw sqlState(error) === '40001' ? new VersionConflict(error) : error
    })
  const [row] = rows
  if (!row) throw new AppError('internal', 'append answered nothing')
  const first = Number(row.first_position)
  const firstAt = new Date(row.recorded_at).getTime()
  const firstVersion = Number(row.version) - events.length + 1
  return events.map((event, index) => ({
    ...event.checked,
    organizationId,
    position: first + index,
    recordedAt: new Date(firstAt + index),
    streamId: stream.id,
    streamVersion: firstVersion + index,
    eventId: event.id,
    actor,
  }))
}

/** The SQLSTATE of a driver error, also where the query builder wrapped it. */
export function sqlState(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null
  if ('code' in error && typeof error.code === 'string' && error.code.length === 5) return error.code
  return 'cause' in error ? sqlState(error.cause) : null
}
