import { sql } from 'drizzle-orm'
import {
  check,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  type PgSchema,
  pgSchema,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { bytea, instant, organizationId, position } from './columns.ts'
import { projectionTables } from './projections.ts'

/** State class: credentials, attempts, staging and projections. Full DML for the app, under row-level security. */
export const stateSchema: PgSchema = pgSchema('state')

// ── projections: what is read ────────────────────────────────────────────────────────────────────────────────────

export const {
  organizationProfile,
  member,
  connection,
  run,
  kindStatus,
  successChain,
  membership,
  verdict,
  assessment,
  assessmentEvidence,
  sample,
  threshold,
  outOfScope,
  accountClass,
  administrator,
  exception,
  review,
  alert,
  erasure,
} = projectionTables(stateSchema)

// ── working state: what is not derived from the ledger ────────────────────────────────────────────────────────────

export const invitation = stateSchema.table(
  'invitation',
  {
    organizationId: organizationId(),
    id: uuid().notNull(),
    tokenHash: bytea('token_hash').notNull(),
    email: text().notNull(),
    role: text().notNull(),
    periodFrom: instant('period_from'),
    periodTo: instant('period_to'),
    accessExpiresAt: instant('access_expires_at'),
    /** The assessments that an auditor's grant is bound to. */
    assessments: uuid().array().notNull().default(sql`'{}'::uuid[]`),
    invitedBy: uuid('invited_by').notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    usedAt: instant('used_at'),
    withdrawnAt: instant('withdrawn_at'),
  },
  table => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    unique('invitation_token').on(table.organizationId, table.tokenHash),
  ],
)

/** The organization's data keys, wrapped by KMS; the plaintext key is never stored. */
export const dataKey = stateSchema.table(
  'data_key',
  {
    organizationId: organizationId(),
    version: integer().notNull(),
    wrapped: bytea().notNull(),
    kmsKeyId: text('kms_key_id').notNull(),
    createdAt: instant('created_at').notNull(),
    /** Since when nothing stored is sealed under it any more; null while it may be. */
    retiredAt: instant('retired_at'),
  },
  table => [primaryKey({ columns: [table.organizationId, table.version] })],
)

/** Why the work on an organization's keys could not go on, as people read it. Gone when it has. */
export const keyObstacle = stateSchema.table(
  'key_obstacle',
  {
    organizationId: organizationId(),
    at: instant().notNull(),
    explanation: text().notNull(),
  },
  table => [primaryKey({ columns: [table.organizationId] })],
)

/** Sealed values of a connection: `client_secret`, `token_cache`. Revoking deletes the rows. */
export const credential = stateSchema.table(
  'credential',
  {
    organizationId: organizationId(),
    connectionId: uuid('connection_id').notNull(),
    field: text().notNull(),
    sealed: bytea().notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  table => [primaryKey({ columns: [table.organizationId, table.connectionId, table.field] })],
)

/** A sign-in at the source that was begun and not yet finished: single use, ten minutes, bound to one browser session. */
export const authorizationAttempt = stateSchema.table(
  'authorization_attempt',
  {
    organizationId: organizationId(),
    id: uuid().notNull(),
    stateHash: bytea('state_hash').notNull(),
    sessionId: text('session_id').notNull(),
    userId: uuid('user_id').notNull(),
    purpose: text().notNull(),
    connector: text().notNull(),
    connectionId: uuid('connection_id').notNull(),
    externalTenantId: uuid('external_tenant_id').notNull(),
    clientId: uuid('client_id').notNull(),
    cloud: text().notNull(),
    secretExpiresOn: date('secret_expires_on', { mode: 'string' }),
    /** Sealed client secret, verifier and nonce. */
    sealedClientSecret: bytea('sealed_client_secret').notNull(),
    sealedVerifier: bytea('sealed_verifier').notNull(),
    sealedNonce: bytea('sealed_nonce').notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  table => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    unique('authorization_attempt_state').on(table.organizationId, table.stateHash),
  ],
)

/**
 * The schedule and lease of a connection, once for what it reads every hour and once for what it reads every day: at
 * most one run of each holds it, and a dead one loses it by time.
 */
export const syncSchedule = stateSchema.table(
  'sync_schedule',
  {
    organizationId: organizationId(),
    connectionId: uuid('connection_id').notNull(),
    cadence: text().$type<'hourly' | 'daily'>().notNull().default('hourly'),
    dueAt: instant('due_at').notNull(),
    runId: uuid('run_id'),
    leaseUntil: instant('lease_until'),
  },
  table => [primaryKey({ columns: [table.organizationId, table.connectionId, table.cadence] })],
)

export interface RunProgress {
  kinds: Record<string, { pages: number; items: number; state: 'waiting' | 'reading' | 'read' | 'failed' }>
}

/** What a run in flight has read so far; gone with the run. */
export const runProgress = stateSchema.table(
  'run_progress',
  {
    organizationId: organizationId(),
    runId: uuid('run_id').notNull(),
    connectionId: uuid('connection_id').notNull(),
    version: integer().notNull(),
    progress: jsonb().$type<RunProgress>().notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  table => [primaryKey({ columns: [table.organizationId, table.runId] })],
)

/**
 * Items of a run in flight that differ from what is held, a thousand a row: moved into the ledger with the run, or
 * dropped with it. The three arrays run side by side.
 */
export const stagedBatch = stateSchema.table(
  'staged_batch',
  {
    organizationId: organizationId(),
    runId: uuid('run_id').notNull(),
    kind: text().notNull(),
    batch: integer().notNull(),
    /** Null where the item was taken back. */
    subjectKeys: uuid('subject_keys').array().notNull(),
    /** Null where the subject left. */
    itemHashes: bytea('item_hashes').array().notNull(),
    bodies: text().array().notNull(),
  },
  table => [
    primaryKey({ columns: [table.organizationId, table.runId, table.kind, table.batch] }),
    foreignKey({
      columns: [table.organizationId, table.runId],
      foreignColumns: [run.organizationId, run.id],
      name: 'staged_batch_run',
    }),
  ],
)

// ── webhooks and what is sent ────────────────────────────────────────────────────────────────────────────────────

/** An address that signed messages are posted to. Address and signing secret are sealed; the host is shown. */
export const webhook = stateSchema.table(
  'webhook',
  {
    organizationId: organizationId(),
    id: uuid().notNull(),
    label: text().notNull(),
    host: text().notNull(),
    /** What a message's body looks like: `standard`, `slack` or `teams`. */
    format: text().notNull().default('standard'),
    sealedUrl: bytea('sealed_url').notNull(),
    sealedSecret: bytea('sealed_secret').notNull(),
    createdBy: uuid('created_by').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  table => [primaryKey({ columns: [table.organizationId, table.id] })],
)

/** Who gets new checkpoints: a member by e-mail, or a webhook. One of the two is set. */
export const checkpointSubscription = stateSchema.table(
  'checkpoint_subscription',
  {
    organizationId: organizationId(),
    id: uuid().notNull(),
    userId: uuid('user_id'),
    webhookId: uuid('webhook_id'),
    cadence: text().notNull(),
    createdAt: instant('created_at').notNull(),
    /** What was sent last; null before the first. */
    sentSize: position(),
    sentAt: instant('sent_at'),
  },
  table => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    unique('checkpoint_subscription_user').on(table.organizationId, table.userId),
    unique('checkpoint_subscription_webhook').on(table.organizationId, table.webhookId),
    foreignKey({
      columns: [table.organizationId, table.webhookId],
      foreignColumns: [webhook.organizationId, webhook.id],
      name: 'checkpoint_subscription_target',
    }),
    check(
      'checkpoint_subscription_one_target',
      sql`(${table.userId} is null) <> (${table.webhookId} is null)`,
    ),
  ],
)

/**
 * Where alerts go besides their page: to a member by e-mail, or to a webhook. One of the two is set. What is told of
 * follows from the ledger: everything behind `sentPosition`.
 */
export const alertChannel = stateSchema.table(
  'alert_channel',
  {
    organizationId: organizationId(),
    id: uuid().notNull(),
    userId: uuid('user_id'),
    webhookId: uuid('webhook_id'),
    causes: text().array().notNull(),
    createdAt: instant('created_at').notNull(),
    /** Everything up to and with this position was told, or given up. */
    sentPosition: position().notNull(),
    /** The message under way tells of everything up to and with this position, however often it is tried. */
    claimedPosition: position(),
    attempts: integer().notNull().default(0),
    /** No further attempt before this instant. */
    nextAttemptAt: instant('next_attempt_at'),
  },
  table => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    unique('alert_channel_user').on(table.organizationId, table.userId),
    unique('alert_channel_webhook').on(table.organizationId, table.webhookId),
    foreignKey({
      columns: [table.organizationId, table.webhookId],
      foreignColumns: [webhook.organizationId, webhook.id],
      name: 'alert_channel_target',
    }),
    check('alert_channel_one_target', sql`(${table.userId} is null) <> (${table.webhookId} is null)`),
  ],
)

/** Every attempt to send something, as its sender saw it. `targetId`: the subscription or the webhook it went to. */
export const delivery = stateSchema.table(
  'delivery',
  {
    organizationId: organizationId(),
    id: uuid().notNull(),
    targetId: uuid('target_id').notNull(),
    subject: text().notNull(),
    attempt: integer().notNull(),
    at: instant().notNull(),
    outcome: text().notNull(),
    status: integer(),
    explanation: text(),
  },
  table => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    index('delivery_target').on(table.organizationId, table.targetId, table.at),
  ],
)

// ── long work: exports, verifications, rebuilds ──────────────────────────────────────────────────────────────────

/** An archive that was asked for: what it covers, how far it is, and how it came out. Gone seven days after. */
export const exportArchive = stateSchema.table(
  'export_archive',
  {
    organizationId: organizationId(),
    id: uuid().notNull(),
    requestedBy: uuid('requested_by').notNull(),
    requestedAt: instant('requested_at').notNull(),
    /** Null where the whole organization is covered. */
    periodFrom: instant('period_from'),
    periodTo: instant('period_to'),
    asOfInstant: instant('as_of_instant').notNull(),
    asOfPosition: position().notNull(),
    /** The assessment that an archive is of, and the position up to which its events are told. */
    assessmentId: uuid('assessment_id'),
    assessmentPosition: position(),
    status: text().notNull(),
    progress: jsonb().$type<unknown>().notNull(),
    bytes: position(),
    sha256: bytea(),
    explanation: text(),
    finishedAt: instant('finished_at'),
    expiresAt: instant('expires_at').notNull(),
  },
  table => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    index('export_archive_requested').on(table.organizationId, table.requestedAt),
  ],
)

/** The bytes of an archive, in order of file and chunk. */
export const exportChunk = stateSchema.table(
  'export_chunk',
  {
    organizationId: organizationId(),
    exportId: uuid('export_id').notNull(),
    file: integer().notNull(),
    chunk: integer().notNull(),
    bytes: bytea().notNull(),
  },
  table => [
    primaryKey({ columns: [table.organizationId, table.exportId, table.file, table.chunk] }),
    foreignKey({
      columns: [table.organizationId, table.exportId],
      foreignColumns: [exportArchive.organizationId, exportArchive.id],
      name: 'export_chunk_archive',
    }),
  ],
)

/** A check of the whole ledger against itself and its checkpoints: how far it is, and what it found. */
export const verification = stateSchema.table(
  'verification',
  {
    organizationId: organizationId(),
    id: uuid().notNull(),
    requestedBy: uuid('requested_by').notNull(),
    requestedAt: instant('requested_at').notNull(),
    status: text().notNull(),
    size: position().notNull(),
    progress: jsonb().$type<unknown>().notNull(),
    result: jsonb().$type<unknown>(),
    finishedAt: instant('finished_at'),
  },
  table => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    index('verification_requested').on(table.organizationId, table.requestedAt),
  ],
)

/** What differed in one projection: rows that the live table lacked, rows that it had too many, the first ones named. */
export interface ProjectionDifference {
  missing: number
  surplus: number
  named: string[]
}

/**
 * A rebuild of the projections beside the live ones: how far it has replayed, and what differed when it was done; or
 * that one was asked for, until it is done. At most one of an organization is running, and whoever holds it says so again and again: a dead one loses it by time.
 */
export const projectionRebuild = stateSchema.table(
  'projection_rebuild',
  {
    organizationId: organizationId(),
    id: uuid().notNull(),
    startedAt: instant('started_at').notNull(),
    status: text().notNull(),
    /** The projections' version that it was begun by: another one begins anew. */
    version: integer().notNull().default(1),
    /** Everything up to and with this position is in the tables of the rebuild; -1 before the first. */
    appliedPosition: position().notNull(),
    holder: uuid(),
    leaseUntil: instant('lease_until'),
    differences: jsonb().$type<Record<string, ProjectionDifference>>(),
    finishedAt: instant('finished_at'),
  },
  table => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    uniqueIndex('projection_rebuild_running').on(table.organizationId).where(sql`status = 'running'`),
  ],
)

/**
 * The purges of an organization: when it is looked at next, who is at it, and what the last one found. One holds it at a
 * time, and a dead one loses it by time.
 */
export const purge = stateSchema.table(
  'purge',
  {
    organizationId: organizationId(),
    dueAt: instant('due_at').notNull(),
    holder: uuid(),
    leaseUntil: instant('lease_until'),
    finishedAt: instant('finished_at'),
    /** Bodies that the last one removed, and that seals kept from it. */
    removed: integer().notNull().default(0),
    kept: integer().notNull().default(0),
  },
  table => [primaryKey({ columns: [table.organizationId] })],
)
