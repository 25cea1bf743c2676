import { isNotNull, sql } from 'drizzle-orm'
import {
  boolean,
  date,
  index,
  integer,
  jsonb,
  type PgSchema,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { bytea, instant, openEnd, organizationId, position } from './columns.ts'

export interface RunKindResult {
  outcome: 'collected' | 'reaffirmed' | 'unavailable'
  items?: number
  reason?: string
}

const range = {
  fromPosition: position().notNull(),
  toPosition: position().notNull().default(sql.raw(openEnd)),
}

/**
 * The projections: derived from events and bodies, dropped and rebuilt at will. They stand in two schemas: the live ones
 * that are read, and the ones that a rebuild writes beside them.
 */
export function projectionTables(schema: PgSchema) {
  const organizationProfile = schema.table(
    'organization_profile',
    {
      organizationId: organizationId(),
      ...range,
      name: text().notNull(),
      slug: text().notNull(),
      simulated: boolean().notNull(),
      catalogueVersion: integer('catalogue_version').notNull(),
      retentionYears: integer('retention_years').notNull().default(7),
      /** Owners and admins get in with a second factor only. */
      isSecondFactorRequired: boolean('is_second_factor_required').notNull().default(false),
      /** When the organization is to be deleted; null where nobody asked for it. */
      deletesAt: instant('deletes_at'),
      deletedAt: instant('deleted_at'),
      /** The organization's own key in the key service; null where the product's is used. */
      kmsKeyId: text('kms_key_id'),
    },
    table => [primaryKey({ columns: [table.organizationId, table.fromPosition] })],
  )

  const member = schema.table(
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
      /** The assessments that the grant is bound to; none where it is bound to its period alone. */
      assessments: uuid().array().notNull().default(sql`'{}'::uuid[]`),
      since: instant().notNull(),
    },
    table => [
      primaryKey({ columns: [table.organizationId, table.userId, table.fromPosition] }),
      index('member_range').on(table.organizationId, table.fromPosition, table.toPosition),
    ],
  )

  const connection = schema.table(
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

  const run = schema.table(
    'run',
    {
      organizationId: organizationId(),
      id: uuid().notNull(),
      connectionId: uuid('connection_id').notNull(),
      sourceId: uuid('source_id').notNull(),
      trigger: text().notNull(),
      cadence: text().$type<'hourly' | 'daily'>().notNull().default('hourly'),
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
      index('run_cadence').on(table.organizationId, table.connectionId, table.cadence, table.startedPosition),
    ],
  )

  /** What each run found of each kind: the hours of the gap ledger, and freshness as of any position. */
  const kindStatus = schema.table(
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
      index('kind_status_licence')
        .on(table.organizationId, table.toPosition)
        .where(sql`${table.reason} = 'licence'`),
    ],
  )

  /** Successes of a kind that followed each other within its stale threshold, as one row: coverage over time reads few of them. */
  const successChain = schema.table(
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
  const membership = schema.table(
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
      /**
       * Whether the account goes on the list of guests by what the directory says of it: see isListedGuest. Cleared with
       * the body; null where a build wrote the row that did not know of it: the body says.
       */
      isListedGuest: boolean('is_listed_guest'),
      /** Of a row that ended. A column, as row-level security keeps an index from functions that are not leakproof. */
      fork: position().generatedAlwaysAs(
        sql.raw(
          `case when to_position = ${openEnd} then null else state.range_fork(from_position, to_position) end`,
        ),
      ),
    },
    table => [
      primaryKey({
        columns: [table.organizationId, table.sourceId, table.kind, table.subjectKey, table.fromPosition],
      }),
      uniqueIndex('membership_open')
        .on(table.organizationId, table.sourceId, table.kind, table.subjectKey)
        .where(sql`${table.toPosition} = ${sql.raw(openEnd)}`),
      // For lists alone, which state the condition though it holds for every row. Without it a planner that has no
      // statistics yet takes these indexes for as good as the key where one subject is looked up, and reads all of them.
      index('membership_label')
        .on(table.organizationId, table.kind, table.label)
        .where(sql`${table.label} >= ''`),
      index('membership_login')
        .on(
          table.organizationId,
          table.kind,
          sql`(case when ${table.login} is null then '' else ${table.login} end)`,
        )
        .where(sql`(case when ${table.login} is null then '' else ${table.login} end) >= ''`),
      // The same of what is open alone: a list of now does not pass over what ended, which only grows.
      index('membership_label_open')
        .on(table.organizationId, table.kind, table.label)
        .where(sql`${table.label} >= '' and ${table.toPosition} = ${sql.raw(openEnd)}`),
      index('membership_login_open')
        .on(
          table.organizationId,
          table.kind,
          sql`(case when ${table.login} is null then '' else ${table.login} end)`,
        )
        .where(
          sql`(case when ${table.login} is null then '' else ${table.login} end) >= '' and ${table.toPosition} = ${sql.raw(openEnd)}`,
        ),
      // The few that may be on the list of guests. Rows that ended stand behind those that have not.
      index('membership_guest')
        .on(table.organizationId, table.sourceId, table.toPosition, table.subjectKey)
        .where(sql`${table.isListedGuest} is not false`),
      // For populations of the past (stoodAt in server/projections/range.ts); a row comes into it when it ends.
      index('membership_past').on(table.organizationId, table.kind, table.fork).where(isNotNull(table.fork)),
    ],
  )

  const verdict = schema.table(
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

  /** What is under examination. The rows of an approved one admit no change (0012). */
  const assessment = schema.table(
    'assessment',
    {
      organizationId: organizationId(),
      id: uuid().notNull(),
      ...range,
      name: text().notNull(),
      periodFrom: instant('period_from').notNull(),
      periodTo: instant('period_to').notNull(),
      controls: text().array().notNull(),
      catalogueVersion: integer('catalogue_version').notNull(),
      status: text().notNull(),
      openedBy: text('opened_by').notNull(),
      openedAt: instant('opened_at').notNull(),
      submittedBy: uuid('submitted_by'),
      submittedAt: instant('submitted_at'),
      sentBackReason: text('sent_back_reason'),
      approvedBy: uuid('approved_by'),
      approvedAt: instant('approved_at'),
      checkpointSize: position(),
      checkpointRoot: text('checkpoint_root'),
      itemsSealed: integer('items_sealed'),
      itemsGone: integer('items_gone'),
    },
    table => [primaryKey({ columns: [table.organizationId, table.id, table.fromPosition] })],
  )

  /** Which evidence was attached to which assessment when. */
  const assessmentEvidence = schema.table(
    'assessment_evidence',
    {
      organizationId: organizationId(),
      assessmentId: uuid('assessment_id').notNull(),
      attachmentId: uuid('attachment_id').notNull(),
      ...range,
      evidenceId: uuid('evidence_id').notNull(),
      sourceId: uuid('source_id').notNull(),
      kind: text().notNull(),
      fingerprint: bytea().notNull(),
      itemCount: integer('item_count').notNull(),
      instant: instant().notNull(),
      atPosition: position().notNull(),
    },
    table => [
      primaryKey({
        columns: [table.organizationId, table.assessmentId, table.attachmentId, table.fromPosition],
      }),
    ],
  )

  /** The samples that were drawn: whom they hold follows from the seed and the evidence. */
  const sample = schema.table(
    'sample',
    {
      organizationId: organizationId(),
      id: uuid().notNull(),
      ...range,
      assessmentId: uuid('assessment_id').notNull(),
      controlId: text('control_id').notNull(),
      attachmentId: uuid('attachment_id').notNull(),
      populationCount: integer('population_count').notNull(),
      populationRoot: text('population_root').notNull(),
      size: integer().notNull(),
      seed: text().notNull(),
      algorithm: integer().notNull(),
      drawnBy: text('drawn_by').notNull(),
      drawnAt: instant('drawn_at').notNull(),
    },
    table => [
      primaryKey({ columns: [table.organizationId, table.id, table.fromPosition] }),
      index('sample_assessment').on(table.organizationId, table.assessmentId),
    ],
  )

  /** What an organization set in the place of a catalogue's default. */
  const threshold = schema.table(
    'threshold',
    {
      organizationId: organizationId(),
      thresholdId: text('threshold_id').notNull(),
      ...range,
      value: integer().notNull(),
      at: instant().notNull(),
      actor: text().notNull(),
    },
    table => [primaryKey({ columns: [table.organizationId, table.thresholdId, table.fromPosition] })],
  )

  /** Controls and directories while they do not count for coverage. */
  const outOfScope = schema.table(
    'out_of_scope',
    {
      organizationId: organizationId(),
      what: text().notNull(),
      /** A control's id, or a source's. */
      id: text().notNull(),
      ...range,
      reason: text().notNull(),
      at: instant().notNull(),
      toAt: instant('to_at'),
      actor: text().notNull(),
    },
    table => [primaryKey({ columns: [table.organizationId, table.what, table.id, table.fromPosition] })],
  )

  /** The last word on the class of an account; a row without a class where it was withdrawn. */
  const accountClass = schema.table(
    'account_class',
    {
      organizationId: organizationId(),
      sourceId: uuid('source_id').notNull(),
      subjectKey: uuid('subject_key').notNull(),
      ...range,
      class: text(),
      ownerId: uuid('owner_id'),
      reason: text().notNull(),
      expiresAt: instant('expires_at'),
      at: instant().notNull(),
      actor: text().notNull(),
    },
    table => [
      primaryKey({ columns: [table.organizationId, table.sourceId, table.subjectKey, table.fromPosition] }),
      index('account_class_range').on(table.organizationId, table.fromPosition, table.toPosition),
    ],
  )

  const administrator = schema.table(
    'administrator',
    {
      organizationId: organizationId(),
      sourceId: uuid('source_id').notNull(),
      subjectKey: uuid('subject_key').notNull(),
      ...range,
      reason: text().notNull(),
      at: instant().notNull(),
      actor: text().notNull(),
    },
    table => [
      primaryKey({ columns: [table.organizationId, table.sourceId, table.subjectKey, table.fromPosition] }),
      index('administrator_range').on(table.organizationId, table.fromPosition, table.toPosition),
    ],
  )

  const exception = schema.table(
    'exception',
    {
      organizationId: organizationId(),
      exceptionId: uuid('exception_id').notNull(),
      ...range,
      controlId: text('control_id').notNull(),
      sourceId: uuid('source_id').notNull(),
      subjectKind: text('subject_kind').notNull(),
      subjectId: text('subject_id').notNull(),
      reason: text().notNull(),
      ownerId: uuid('owner_id').notNull(),
      requestedBy: uuid('requested_by').notNull(),
      requestedAt: instant('requested_at').notNull(),
      expiresAt: instant('expires_at').notNull(),
      decision: text().notNull(),
      decidedBy: uuid('decided_by'),
      decidedAt: instant('decided_at'),
      decisionReason: text('decision_reason'),
    },
    table => [
      primaryKey({ columns: [table.organizationId, table.exceptionId, table.fromPosition] }),
      index('exception_range').on(table.organizationId, table.fromPosition, table.toPosition),
    ],
  )

  /** What people looked at over time: changes of the policies, risky sign-ins, lists of guests. */
  const review = schema.table(
    'review',
    {
      organizationId: organizationId(),
      sourceId: uuid('source_id').notNull(),
      kind: text().notNull(),
      subjectId: uuid('subject_id').notNull(),
      ...range,
      doneAt: instant('done_at').notNull(),
      outcome: text(),
      note: text(),
      listPosition: position(),
      listCount: integer('list_count'),
      listFingerprint: text('list_fingerprint'),
      at: instant().notNull(),
      actor: text().notNull(),
    },
    table => [
      primaryKey({
        columns: [table.organizationId, table.sourceId, table.kind, table.subjectId, table.fromPosition],
      }),
      index('review_range').on(table.organizationId, table.fromPosition, table.toPosition),
    ],
  )

  /** Each alert over time; what it is about is in its cause. */
  const alert = schema.table(
    'alert',
    {
      organizationId: organizationId(),
      id: uuid().notNull(),
      ...range,
      kind: text().notNull(),
      subject: text().notNull(),
      cause: jsonb().$type<unknown>().notNull(),
      since: instant().notNull(),
      causedAt: position().notNull(),
      raisedAt: instant('raised_at').notNull(),
      isOpen: boolean('is_open').notNull(),
      reminders: integer().notNull(),
      remindedAt: instant('reminded_at'),
      acknowledgedAt: instant('acknowledged_at'),
      acknowledgedBy: uuid('acknowledged_by'),
      resolvedAt: instant('resolved_at'),
      because: text(),
    },
    table => [
      primaryKey({ columns: [table.organizationId, table.id, table.fromPosition] }),
      index('alert_range').on(table.organizationId, table.fromPosition, table.toPosition),
      index('alert_open')
        .on(table.organizationId, table.subject)
        .where(sql`${table.isOpen} and ${table.toPosition} = ${sql.raw(openEnd)}`),
      index('alert_past')
        .on(table.organizationId, table.resolvedAt.desc().nullsFirst(), table.id)
        .where(sql`not ${table.isOpen} and ${table.toPosition} = ${sql.raw(openEnd)}`),
    ],
  )

  /** Who was erased: what names them is not stored while a row is open. */
  const erasure = schema.table(
    'erasure',
    {
      organizationId: organizationId(),
      subjectKey: uuid('subject_key').notNull(),
      ...range,
      reason: text().notNull(),
      at: instant().notNull(),
      actor: text().notNull(),
      /** Null while contents are still being removed. */
      completedAt: instant('completed_at'),
    },
    table => [primaryKey({ columns: [table.organizationId, table.subjectKey, table.fromPosition] })],
  )

  return {
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
  }
}
