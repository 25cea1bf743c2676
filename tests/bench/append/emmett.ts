import { randomUUID } from 'node:crypto'
import { getPostgreSQLEventStore, type PostgresEventStore } from '@event-driven-io/emmett-postgresql'
import pg from 'pg'
import type { BenchContext, BenchDatabase } from '../bench.ts'
import { syncSucceeded } from './events.ts'

/** Another event store in this language, in tables of its own on the same server. */
export async function openEmmett(
  context: BenchContext,
  database: BenchDatabase,
  options: { max: number },
): Promise<PostgresEventStore> {
  const pool = new pg.Pool({ connectionString: database.url('admin'), ...options })
  // What ends an idle connection ends nothing else.
  pool.on('error', error => context.say(error.message))
  context.defer(() => pool.end())
  const store = getPostgreSQLEventStore(database.url('admin'), { connectionOptions: { pooled: true, pool } })
  context.defer(() => store.close())
  await store.schema.migrate()
  return store
}

/** Appends one event at a time to a stream of the writer's own, with the version it must have. */
export function emmettWriter(store: PostgresEventStore): () => Promise<void> {
  const stream = `run-${randomUUID()}`
  let version = 0n
  return async () => {
    const { type, payload } = syncSucceeded(Number(version))
    const event = { type, data: payload, metadata: { actor: 'system:bench' } }
    const options = version === 0n ? {} : { expectedStreamVersion: version }
    const { nextExpectedStreamVersion } = await store.appendToStream(stream, [event], options)
    version = nextExpectedStreamVersion
  }
}
