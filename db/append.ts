import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js'

/** What `ledger.append` takes, in its order; an event is what stands at one place of the four lists. */
export interface AppendCall {
  organizationId: string
  streamId: string
  streamType: string
  /** -1 any version, 0 a new stream, n exactly n. */
  expectedVersion: number
  eventIds: readonly string[]
  types: readonly string[]
  schemas: readonly number[]
  /** Canonical JSON. */
  payloads: readonly string[]
  actor: string
  at: Date
}

/** Where the events stand now: those after the first follow it position by position and millisecond by millisecond. */
export interface AppendAnswer {
  firstPosition: number
  /** The stream's version after the last event. */
  version: number
  firstRecordedAt: Date
}

/**
 * Calls `ledger.append`, in the caller's transaction or as a message of its own. Its text never changes, so that it is
 * prepared once on each connection: another statement of the query builder costs one more round trip.
 */
export async function callAppend(
  { _: { session } }: Pick<PostgresJsDatabase, '_'>,
  call: AppendCall,
): Promise<AppendAnswer> {
  const query = { sql: appendStatement, params: parametersOf(call) }
  const rows = await session.prepareQuery<AppendRows>(query, undefined, 'append', false).execute()
  const [row] = rows
  if (!row) throw new Error('ledger.append answered nothing')
  return {
    firstPosition: Number(row.first_position),
    version: Number(row.version),
    firstRecordedAt: new Date(row.recorded_at),
  }
}

const appendStatement = `
  select first_position, version, recorded_at
    from ledger.append($1::uuid, $2::uuid, $3, $4::bigint, $5::uuid[], $6::text[], $7::int[], $8::text[], $9, $10::timestamptz)`

const parametersOf = (call: AppendCall): unknown[] => [
  call.organizationId,
  call.streamId,
  call.streamType,
  call.expectedVersion,
  call.eventIds,
  call.types,
  call.schemas,
  call.payloads,
  call.actor,
  call.at.toISOString(),
]

interface AppendRows {
  execute: { first_position: string; version: string; recorded_at: string }[]
  all: never
  values: never
}
