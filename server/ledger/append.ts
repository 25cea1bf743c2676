import { type AppendAnswer, type AppendCall, callAppend, within } from '../../db/append.ts'
import type { Database, Transaction } from '../../db/client.ts'
import { sqlState } from '../../db/sql-state.ts'
import { AppError } from '../errors.ts'
import { canonicalText } from './canonical.ts'
import { domainEvent, newestSchema } from './decode.ts'
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
 * Appends through `ledger.append`, the only write path. Payloads are checked by their newest schema and stored
 * in canonical form.
 * @throws {VersionConflict} when the stream moved on
 */
export const append = (transaction: Transaction, options: AppendOptions): Promise<RecordedEvent[]> =>
  appendThrough(call => callAppend(within(transaction), call), options)

/**
 * The same in a transaction of its own, which is one message to the server: for events on which nothing else hangs, no
 * projection and no job.
 * @throws {VersionConflict} when the stream moved on
 */
export const appendAlone = (database: Database, options: AppendOptions): Promise<RecordedEvent[]> =>
  appendThrough(call => database.appendAlone(call), options)

async function appendThrough(
  send: (call: AppendCall) => Promise<AppendAnswer>,
  options: AppendOptions,
): Promise<RecordedEvent[]> {
  const { organizationId, stream, actor, at } = options
  const events = options.events.map(({ id = newId(), type, payload }) => ({
    id,
    checked: domainEvent(type, payload),
  }))
  const answer = await send({
    organizationId,
    streamId: stream.id,
    streamType: stream.type,
    expectedVersion: options.expectedVersion === 'any' ? -1 : options.expectedVersion,
    events: events.map(({ id, checked }) => ({
      id,
      type: checked.type,
      schema: newestSchema(checked.type),
      payload: canonicalText(checked.payload),
    })),
    actor,
    at,
  }).catch((error: unknown) => {
    throw sqlState(error) === '40001' ? new VersionConflict(error) : error
  })
  const firstVersion = answer.version - events.length + 1
  return events.map(({ id, checked }, index) => ({
    ...checked,
    organizationId,
    position: answer.firstPosition + index,
    recordedAt: new Date(answer.firstRecordedAt.getTime() + index),
    streamId: stream.id,
    streamVersion: firstVersion + index,
    eventId: id,
    actor,
  }))
}
