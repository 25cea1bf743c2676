import { createHash, randomUUID } from 'node:crypto'
import { beginReauthorization } from '../../server/connections/begin-authorization.ts'
import type { CatalogSql } from './catalog-rules.ts'
import type { Scene } from './seed.ts'
import { tenantTables } from './tenant-tables.ts'

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
    insert into state.staged_batch (organization_id, run_id, kind, batch, subject_keys, item_hashes, bodies)
    values (${organizationId}, ${runId}, 'user_inventory', 0, array[${randomUUID()}::uuid], array[null::bytea], array[null])`
  await admin`
    insert into state.invitation (organization_id, id, token_hash, email, role, invited_by, created_at, expires_at)
    values (${organizationId}, ${randomUUID()}, ${randomHash()}, 'mallory@example.com', 'viewer', ${userId}, now(), now())`
  const stream = randomUUID()
  const position = await appendPlain(admin, organizationId, stream, 'ItemsPurged')
  await admin`
    insert into ledger.purged_item (organization_id, hash, position)
    select organization_id, hash, ${position} from ledger.item where organization_id = ${organizationId} limit 1`
  await admin`insert into ledger.sealed_stream (organization_id, stream_id) values (${organizationId}, ${stream})`
  await fillLog(admin, organizationId, position)
  await fillSending(admin, organizationId, userId)
  await fillLongWork(admin, organizationId, userId)
  await fillAssessments(admin, organizationId, userId)
  await fillDecisions(admin, organizationId, userId)
  await fillRebuild(admin, organizationId)
  await admin`
    insert into state.key_obstacle (organization_id, at, explanation) values (${organizationId}, now(), 'no answer')`
}

/** What a sealed log leaves: a key, a full tile, a checkpoint. */
async function fillLog(admin: CatalogSql, organizationId: string, position: number) {
  await admin`
    insert into ledger.log_key (organization_id, key_id, origin, algorithm, public_key, kms_key_id, position)
    values (${organizationId}, '00000000', 'example.com/ledger', 'ed25519', ${randomHash()}, 'a-key', ${position})`
  await admin`
    insert into ledger.tile (organization_id, level, index, hashes, root)
    values (${organizationId}, 0, 0, ${Buffer.alloc(8192)}, ${randomHash()})`
  await admin`
    insert into ledger.checkpoint (organization_id, size, root, note, key_id, signed_at)
    values (${organizationId}, 1, ${randomHash()}, 'a note', '00000000', now())`
}

/** A webhook, who gets checkpoints and alerts by it, an alert, and one attempt. */
async function fillSending(admin: CatalogSql, organizationId: string, userId: string) {
  const webhookId = randomUUID()
  const subscriptionId = randomUUID()
  await admin`
    insert into state.webhook (organization_id, id, label, host, sealed_url, sealed_secret, created_by, created_at)
    values (${organizationId}, ${webhookId}, 'Archive', 'example.com', '', '', ${userId}, now())`
  await admin`
    insert into state.checkpoint_subscription (organization_id, id, webhook_id, cadence, created_at)
    values (${organizationId}, ${subscriptionId}, ${webhookId}, 'daily', now())`
  await admin`
    insert into state.alert_channel (organization_id, id, webhook_id, causes, created_at, sent_position)
    values (${organizationId}, ${randomUUID()}, ${webhookId}, '{}', now(), 0)`
  await admin`
    insert into state.alert (organization_id, id, from_position, kind, subject, cause, since, caused_at, raised_at,
      is_open, reminders)
    values (${organizationId}, ${randomUUID()}, 0, 'ledger_fails', 'ledger_fails', '{"kind":"ledger_fails"}', now(), 0,
      now(), true, 0)`
  await admin`
    insert into state.delivery (organization_id, id, target_id, subject, attempt, at, outcome)
    values (${organizationId}, ${randomUUID()}, ${subscriptionId}, 'checkpoint', 1, now(), 'delivered')`
}

/** An export with a chunk, a verification, a rebuild, a record of purges and an erasure. */
async function fillLongWork(admin: CatalogSql, organizationId: string, userId: string) {
  const exportId = randomUUID()
  await admin`
    insert into state.export_archive (organization_id, id, requested_by, requested_at, as_of_instant, as_of_position, status,
      progress, expires_at)
    values (${organizationId}, ${exportId}, ${userId}, now(), now(), 0, 'done', '{}', now())`
  await admin`
    insert into state.export_chunk (organization_id, export_id, file, chunk, bytes)
    values (${organizationId}, ${exportId}, 0, 0, '')`
  await admin`
    insert into state.verification (organization_id, id, requested_by, requested_at, status, size, progress)
    values (${organizationId}, ${randomUUID()}, ${userId}, now(), 'done', 1, '{}')`
  await admin`
    insert into state.projection_rebuild (organization_id, id, started_at, status, applied_position)
    values (${organizationId}, ${randomUUID()}, now(), 'running', -1)`
  await admin`insert into state.purge (organization_id, due_at) values (${organizationId}, now())`
  await admin`
    insert into state.erasure (organization_id, subject_key, from_position, reason, at, actor)
    values (${organizationId}, ${randomUUID()}, 0, 'Asked for.', now(), 'system:test')`
}

/** An assessment with a row of evidence and a sample, as their projections hold them. */
async function fillAssessments(admin: CatalogSql, organizationId: string, userId: string) {
  const [assessmentId, attachmentId] = [randomUUID(), randomUUID()]
  await admin`
    insert into state.assessment (organization_id, id, from_position, name, period_from, period_to, controls, catalogue_version,
      status, opened_by, opened_at)
    values (${organizationId}, ${assessmentId}, 0, 'First half', now(), now(), array['AC-02'], 1, 'open',
      ${`user:${userId}`}, now())`
  await admin`
    insert into state.assessment_evidence (organization_id, assessment_id, attachment_id, from_position, evidence_id, source_id,
      kind, fingerprint, item_count, instant, at_position)
    values (${organizationId}, ${assessmentId}, ${attachmentId}, 0, ${randomUUID()}, ${randomUUID()}, 'user_inventory',
      ${randomHash()}, 1, now(), 0)`
  await admin`
    insert into state.sample (organization_id, id, from_position, assessment_id, control_id, attachment_id, population_count,
      population_root, size, seed, algorithm, drawn_by, drawn_at)
    values (${organizationId}, ${randomUUID()}, 0, ${assessmentId}, 'AC-02', ${attachmentId}, 1, '', 1, 'a', 1,
      ${`user:${userId}`}, now())`
}

/** What people decided, as its projections hold it. */
async function fillDecisions(admin: CatalogSql, organizationId: string, userId: string) {
  const [sourceId, subject, actor] = [randomUUID(), randomUUID(), `user:${userId}`]
  await admin`
    insert into state.threshold (organization_id, threshold_id, from_position, value, at, actor)
    values (${organizationId}, 'AC-08.silent', 0, 60, now(), ${actor})`
  await admin`
    insert into state.out_of_scope (organization_id, what, id, from_position, reason, at, actor)
    values (${organizationId}, 'control', 'AC-08', 0, 'Not ours.', now(), ${actor})`
  await admin`
    insert into state.account_class (organization_id, source_id, subject_key, from_position, class, reason, at, actor)
    values (${organizationId}, ${sourceId}, ${subject}, 0, 'shared', 'A terminal.', now(), ${actor})`
  await admin`
    insert into state.administrator (organization_id, source_id, subject_key, from_position, reason, at, actor)
    values (${organizationId}, ${sourceId}, ${subject}, 0, 'On call.', now(), ${actor})`
  await admin`
    insert into state.exception (organization_id, exception_id, from_position, control_id, source_id, subject_kind, subject_id,
      reason, owner_id, requested_by, requested_at, expires_at, decision)
    values (${organizationId}, ${randomUUID()}, 0, 'AC-02', ${sourceId}, 'account', ${subject}, 'A terminal.', ${userId},
      ${userId}, now(), now(), 'waiting')`
  await admin`
    insert into state.review (organization_id, source_id, kind, subject_id, from_position, done_at, at, actor)
    values (${organizationId}, ${sourceId}, 'policy_change', ${subject}, 0, now(), now(), ${actor})`
}

/** The rebuild's tables hold what the live ones do. */
async function fillRebuild(admin: CatalogSql, organizationId: string) {
  const tables = await tenantTables(admin)
  for (const { table, columns } of tables.filter(({ name }) => name.startsWith('rebuild.'))) {
    const list = columns.join(', ')
    await admin.unsafe(
      `insert into rebuild.${table} (${list})
       select ${list} from state.${table} where organization_id = '${organizationId}' limit 1`,
    )
  }
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
        ${[1]}::int[], ${[payload]}::text[], 'system:retention', statement_timestamp())`
  return Number(row?.position)
}

const randomHash = () => createHash('sha256').update(randomUUID()).digest()
