import { sql } from 'drizzle-orm'
import {
  boolean,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  smallint,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { bytea, instant, openEnd, organizationId, position } from './columns.ts'

/** State class: credentials, attempts, staging and projections. Full DML for the app, under row-level security. */
export const stateSchema = pgSchema('state')

const range = {
  fromPosition: position().notNull(),
  toPosition: position().notNull().default(sql.raw(openEnd)),
}

// ── projections: derived from events and bodies; dropped and rebuilt at will ─────────────────────────────────────

export const organizationProfile = stateSchema.table(
  'organization_profile',
  {
    organizationId: organizationId(),
    ...range,
    name: text().notNull(),
    slug: text().notNull(),
    simulated: boolean().notNull(),
    catalogueVersion: integer('catalogue_version').notNull(),
  },
  table => [primaryKey({ columns: [table.organizationId, table.fromPosition] })],
)

export const member = stateSchema.table(
  'member',
  {
    organizationId: organizationId(),
    userId: uuid('user_id').notNull(),
    ...range,
    role: text().notNull(),
    /** An auditor's grant: the period that can be seen, and when access ends. */
    periodFrom: instant('period_from'),
    periodTo: instant('period_to'),
    expiresAt: instant('expires_at'),
    since: instant().notNull(),
  },
  table => [
    primaryKey({ columns: [table.organizationId, table.userId, table.fromPosition] }),
    index('member_range').on(table.organizationId, table.fromPosition, table.toPosition),
  ],
)

export const connection = stateSchema.table(
  'connection',
  {
    organizationId: organizationId(),
    id: uuid().notNull(),
    ...range,
    sourceId: uuid('source_id').notNull(),
    connector: text().notNull(),
    externalTenantId: uuid('external_tenant_id').notNull(),
    clientId: uuid('client_id').notNull(),
    cloud: text().notNull(),
    status: text().notNull(),
    attention: jsonb().$type<{
      remedy: string
      cause: string
      explanation: string
      code: string | null
    } | null>(),
    secretExpiresOn: date('secret_expires_on', { mode: 'string' }),
    grantedScopes: text('granted_scopes').array().notNull(),
    missingScopes: text('missing_scopes').array().notNull(),
    excessScopes: text('excess_scopes').array().notNull(),
    connectedAt: instant('connected_at').notNull(),
    authorizedAt: instant('authorized_at').notNull(),
    authorizedBy: uuid('authorized_by').notNull(),
    revokedAt: instant('revoked_at'),
  },
  table => [
    primaryKey({ columns: [table.organizationId, table.id, table.fromPosition] }),
    index('connection_range').on(table.organizationId, table.fromPosition, table.toPosition),
    index('connection_source').on(table.organizationId, table.sourceId, table.fromPosition),
  ],
)

export interface RunKindResult {
  outcome: 'collected' | 'reaffirmed' | 'unavailable'
  items?: number
  reason?: string
}

export const run = stateSchema.table(
  'run',
  {
    organizationId: organizationId(),
    id: uuid().notNull(),
    connectionId: uuid('connection_id').notNull(),
    sourceId: uuid('source_id').notNull(),
    trigger: text().notNull(),
    startedPosition: position().notNull(),
    startedAt: instant('started_at').notNull(),
    finishedPosition: position(),
    finishedAt: instant('finished_at'),
    outcome: text(),
    explanation: text(),
    kinds: jsonb().$type<Record<string, RunKindResult>>().notNull().default({}),
  },
  table => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    index('run_connection').on(table.organizationId, table.connectionId, table.startedPosition),
  ],
)

/** What each run found of each kind: the hours of the gap ledger, and freshness as of any position. */
export const kindStatus = stateSchema.table(
  'kind_status',
  {
    organizationId: organizationId(),
    sourceId: uuid('source_id').notNull(),
    kind: text().notNull(),
    ...range,
    connectionId: uuid('connection_id').notNull(),
    runId: uuid('run_id').notNull(),
    at: instant().notNull(),
    outcome: text().notNull(),
    reason: text(),
    explanation: text(),
    evidenceId: uuid('evidence_id'),
    fingerprint: bytea(),
    itemCount: integer('item_count'),
    /** The last instant at which this kind was collected or reaffirmed. */
    lastSuccessAt: instant('last_success_at'),
    /** Licence answers in a row, so that an intermittent one changes nothing. */
    licenceAnswers: smallint('licence_answers').notNull().default(0),
  },
  table => [
    primaryKey({ columns: [table.organizationId, table.sourceId, table.kind, table.fromPosition] }),
    index('kind_status_at').on(table.organizationId, table.at),
    index('kind_status_range').on(table.organizationId, table.toPosition),
  ],
)

/** Successes of a kind that followed each other within its stale threshold, as one row: coverage over time reads few of them. */
export const successChain = stateSchema.table(
  'success_chain',
  {
    organizationId: organizationId(),
    sourceId: uuid('source_id').notNull(),
    kind: text().notNull(),
    firstAt: instant('first_at').notNull(),
    lastAt: instant('last_at').notNull(),
  },
  table => [primaryKey({ columns: [table.organizationId, table.sourceId, table.kind, table.firstAt] })],
)

/** Who was in a population when: one range per subject and item. */
export const membership = stateSchema.table(
  'membership',
  {
    organizationId: organizationId(),
    sourceId: uuid('source_id').notNull(),
    kind: text().notNull(),
    subjectKey: uuid('subject_key').notNull(),
    ...range,
    itemHash: bytea('item_hash').notNull(),
    /** Lower case, for lists and prefix search; personal data, cleared with the body. */
    label: text().notNull(),
    login: text(),
  },
  table => [
    primaryKey({
      columns: [table.organizationId, table.sourceId, table.kind, table.subjectKey, table.fromPosition],
    }),
    // Neither ends with the subject: look-ups of one subject must not seem to be served by them.
    index('membership_label').on(table.organizationId, table.kind, table.label),
    index('membership_login').on(
      table.organizationId,
      table.kind,
      sql`(case when ${table.login} is null then '' else ${table.login} end)`,
    ),
    index('membership_open').on(
      table.organizationId,
      table.sourceId,
      table.kind,
      table.toPosition,
      table.subjectKey,
    ),
  ],
)

export const verdict = stateSchema.table(
  'verdict',
  {
    organizationId: organizationId(),
    controlId: text('control_id').notNull(),
    sourceId: uuid('source_id').notNull(),
    ...range,
    connectionId: uuid('connection_id').notNull(),
    at: instant().notNull(),
    toAt: instant('to_at'),
    verdict: text().notNull(),
    reasons: jsonb().$type<unknown>().notNull(),
    population: jsonb().$type<unknown>().notNull(),
    changes: jsonb().$type<unknown>().notNull(),
    inputs: text().notNull(),
    catalogueVersion: integer('catalogue_version').notNull(),
  },
  table => [
    primaryKey({ columns: [table.organizationId, table.controlId, table.sourceId, table.fromPosition] }),
    index('verdict_range').on(table.organizationId, table.fromPosition, table.toPosition),
  ],
)

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
  },
  table => [primaryKey({ columns: [table.organizationId, table.version] })],
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

/** The schedule and lease of a connection: at most one run holds it, and a dead one loses it by time. */
export const syncSchedule = stateSchema.table(
  'sync_schedule',
  {
    organizationId: organizationId(),
    connectionId: uuid('connection_id').notNull(),
    dueAt: instant('due_at').notNull(),
    runId: uuid('run_id'),
    leaseUntil: instant('lease_until'),
  },
  table => [primaryKey({ columns: [table.organizationId, table.connectionId] })],
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

/** Items of a run in flight that differ from what is held: moved into the ledger with the run, or dropped with it. */
export const stagedItem = stateSchema.table(
  'staged_item',
  {
    organizationId: organizationId(),
    runId: uuid('run_id').notNull(),
    kind: text().notNull(),
    subjectKey: uuid('subject_key').notNull(),
    /** Null where the subject left. */
    itemHash: bytea('item_hash'),
    body: text(),
  },
  table => [
    primaryKey({ columns: [table.organizationId, table.runId, table.kind, table.subjectKey] }),
    foreignKey({
      columns: [table.organizationId, table.runId],
      foreignColumns: [run.organizationId, run.id],
      name: 'staged_item_run',
    }),
  ],
)
