import { createHash, randomUUID } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import type postgres from 'postgres'
import { syncSucceeded } from './events.ts'

/**
 * The table that appends are compared with: an event's columns and unique keys, and nothing of what the ledger checks:
 * no row-level security, foreign keys, expected version, hashes or order.
 */
export async function createPlainTable(client: postgres.Sql): Promise<void> {
  await client`create schema bench`
  await client`
    create table bench.events (organization_id uuid not null, position bigint not null, stream_id uuid not null,
      stream_version bigint not null, event_id uuid not null, event_type text not null, schema_version smallint not null,
      recorded_at timestamptz not null, actor text not null, payload text not null, leaf_hash bytea not null,
      primary key (organization_id, position), unique (organization_id, stream_id, stream_version),
      unique (organization_id, event_id))`
}

/** Inserts one row at a time with the driver's prepared statement, at the end of a stream of the writer's own. */
export function plainWriter(client: postgres.Sql): () => Promise<void> {
  const organization = randomUUID()
  const stream = randomUUID()
  let version = 0
  return async () => {
    version += 1
    const { type, payload } = syncSucceeded(version)
    await client`
      insert into bench.events values (${organization}, ${version}, ${stream}, ${version}, ${randomUUID()}, ${type}, 1,
        ${new Date()}, 'system:bench', ${JSON.stringify(payload)}, ${anyHash})`
  }
}

/** Sends rows of one new stream by COPY, the fastest way into a table. The connection is for this alone. */
export async function copyPlain(client: postgres.Sql, count: number): Promise<void> {
  const organization = randomUUID()
  const stream = randomUUID()
  const at = new Date().toISOString()
  let rows = ''
  for (let version = 1; version <= count; version++) {
    const { type, payload } = syncSucceeded(version)
    const cells = [organization, version, stream, version, randomUUID(), type, 1, at, 'system:bench']
    rows += `${cells.join('\t')}\t${escaped(JSON.stringify(payload))}\t\\\\x${anyHash.toString('hex')}\n`
  }
  await pipeline([rows], await client`copy bench.events from stdin`.writable())
}

const escaped = (text: string) =>
  text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n')

const anyHash = createHash('sha256').digest()
