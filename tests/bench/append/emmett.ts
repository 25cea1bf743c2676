import { randomUUID } from 'node:crypto'
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql'
import type { BenchContext, BenchDatabase } from '../bench.ts'
import { syncSucceeded } from './events.ts'

type EmmettStore = ReturnType<typeof getPostgreSQLEventStore>

/** Another event store of this language on the same server, in tables of its own; it pools its connections itself. */
export async function openEmmett(context: BenchContext, database: BenchDatabase): Promise<EmmettStore> {
  const store = getPostgreSQLEventStore(database.url('admin'))
  context.defer(() => store.close())
  await store.schema.migrate()
  return store
}

/** Appends one event to a stream of the writer's own, with the version it must have. */
export function emmettWriter(store: EmmettStore): () => Promise<void> {
  const stream = `connection-${randomUUID()}`
  let version = 0n
  return async () => {
    const { type, payload } = syncSucceeded(Number(version))
    const event = { type, data: payload, metadata: { actor: 'system:bench' } }
    const expected = version === 0n ? {} : { expectedStreamVersion: version }
    const { nextExpectedStreamVersion } = await store.appendToStream(stream, [event], expected)
    version = nextExpectedStreamVersion
  }
}
