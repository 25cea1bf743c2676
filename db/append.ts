import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js'

/** What `ledger.append` takes. */
export interface AppendCall {
  organizationId: string
  streamId: string
  streamType: string
  /** -1 any version, 0 a new stream, n exactly n. */
  expectedVersion: number
  events: readonly AppendedEvent[]
  actor: string
  at: Date
}

export interface AppendedEvent {
  id: string
  type: string
  schema: number
  /** Canonical JSON. */
  payload: string
}

/** Where the events stand now: those after the first follow it position by position and millisecond by millisecond. */
export interface AppendAnswer {
  firstPosition: number
  /** The stream's version after the last event. */
  version: number
  firstRecordedAt: Date
}

/** Sends a statement that is prepared on its connection, where sessions are kept, and answers its rows. */
type SendPrepared = (text: string, parameters: string[]) => PromiseLike<readonly object[]>

/**
 * Calls `ledger.append`, in the caller's transaction or as a message of its own. Its texts never change, so that they are
 * prepared once on each connection: any other statement of the query builder costs one more round trip.
 */
export async function callAppend(send: SendPrepared, call: AppendCall): Promise<AppendAnswer> {
  const [first, second] = call.events
  const [answer] =
    first && !second ? await send(appendOne, one(call, first)) : await send(appendMany, many(call))
  if (!answer) throw new Error('ledger.append answered nothing')
  // What the statements select.
  const row = answer as AppendRow
  return {
    firstPosition: Number(row.first_position),
    version: Number(row.version),
    firstRecordedAt: new Date(row.recorded_at),
  }
}

/** Sends through a transaction's query builder. */
export const within =
  ({ _: { session } }: Pick<PostgresJsDatabase, '_'>): SendPrepared =>
  (sql, params) =>
    session.prepareQuery<AppendRows>({ sql, params }, undefined, 'append', false).execute()

/** One event goes as plain values: lists are escaped by one end and taken apart by the other. */
const appendOne = `
  select first_position, version, recorded_at
    from ledger.append($1::uuid, $2::uuid, $3, $4::bigint, $5::uuid, $6::text, $7::int, $8::text, $9,
      $10::timestamptz)`
const appendMany = `
  select first_position, version, recorded_at
    from ledger.append($1::uuid, $2::uuid, $3, $4::bigint, $5::uuid[], $6::text[], $7::int[], $8::text[], $9,
      $10::timestamptz)`

const one = (call: AppendCall, { id, type, schema, payload }: AppendedEvent): string[] => [
  ...streamOf(call),
  id,
  type,
  String(schema),
  payload,
  call.actor,
  call.at.toISOString(),
]

const many = (call: AppendCall): string[] => [
  ...streamOf(call),
  arrayOf(call.events.map(({ id }) => id)),
  arrayOf(call.events.map(({ type }) => type)),
  arrayOf(call.events.map(({ schema }) => schema)),
  arrayOf(call.events.map(({ payload }) => payload)),
  call.actor,
  call.at.toISOString(),
]

const streamOf = (call: AppendCall): string[] => [
  call.organizationId,
  call.streamId,
  call.streamType,
  String(call.expectedVersion),
]

/**
 * PostgreSQL's text of an array. Both quote and escape as JSON does, but for control characters, which no identifier and
 * no JSON text has; the driver's own way takes longer than everything else about a batch.
 */
const arrayOf = (values: readonly (string | number)[]) => `{${JSON.stringify(values).slice(1, -1)}}`

interface AppendRow {
  first_position: string
  version: string
  recorded_at: string
}

interface AppendRows {
  execute: AppendRow[]
  all: never
  values: never
}
