import { createHash, randomUUID } from 'node:crypto'
import { beginReauthorization } from '../../server/connections/begin-authorization.ts'
import type { CatalogSql } from './catalog-rules.ts'
import type { Scene } from './seed.ts'

/**
 * Rows in the tables that a connected organization leaves empty: working state that is gone with its run, what a purge
 * and a seal write, an invitation, a sign-in that was begun. Runs as the server's administrator.
 */
export async function fillEmptyTables(
  admin: CatalogSql,
  scene: Scene & { connectionId: string },
): Promise<void> {
  const { organizationId, connectionId, userId } = scene
  await beginReauthorization(scene.services, scene.browser, connectionId)
  const [run] = await admin<
    { id: string }[]
  >`select id from state.run where organization_id = ${organizationId}`
  const runId = run?.id ?? ''
  await admin`
    insert into state.run_progress (organization_id, run_id, connection_id, version, progress, updated_at)
    values (${organizationId}, ${runId}, ${connectionId}, 1, '{"kinds":{}}', now())`
  await admin`
    insert into state.staged_item (organization_id, run_id, kind, subject_key)
    values (${organizationId}, ${runId}, 'user_inventory', ${randomUUID()})`
  await admin`
    insert into state.invitation (organization_id, id, token_hash, email, role, invited_by, created_at, expires_at)
    values (${organizationId}, ${randomUUID()}, ${randomHash()}, 'mallory@example.com', 'viewer', ${userId}, now(), now())`
  const stream = randomUUID()
  const position = await appendPlain(admin, organizationId, stream, 'ItemsPurged')
  await admin`
    insert into ledger.purged_item (organization_id, hash, position)
    select organization_id, hash, ${position} from ledger.item where organization_id = ${organizationId} limit 1`
  await admin`insert into ledger.sealed_stream (organization_id, stream_id) values (${organizationId}, ${stream})`
}

/**
 * Appends one event of any type by the ledger's own function, past the registry of types.
 * @returns its position
 */
export async function appendPlain(
  sql: CatalogSql,
  organizationId: string,
  stream: string,
  type: string,
  payload = '{}',
): Promise<number> {
  const [row] = await sql<{ position: string }[]>`
    select first_position as position
      from ledger.append(${organizationId}, ${stream}, 'retention', -1, ${[randomUUID()]}::uuid[], ${[type]}::text[],
        ${[1]}::int[], ${[payload]}::text[], 'system:retention', clock_timestamp())`
  return Number(row?.position)
}

const randomHash = () => createHash('sha256').update(randomUUID()).digest()
