import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  pgSchema,
  primaryKey,
  smallint,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { bytea, instant, organizationId, position } from './columns.ts'

/** Ledger class: insert-only, by trigger and for every role. The head alone is a counter. */
export const ledgerSchema = pgSchema('ledger')

/** Hands out positions and recorded times; its row lock orders an organization's appends. */
export const head = ledgerSchema.table(
  'head',
  {
    organizationId: uuid('organization_id').primaryKey(),
    simulated: boolean().notNull().default(false),
    size: position().notNull().default(0),
    lastAt: instant('last_at').notNull().default(sql`'-infinity'`),
  },
  table => [check('head_size', sql`${table.size} >= 0`)],
)

export const streams = ledgerSchema.table(
  'streams',
  {
    organizationId: organizationId(),
    streamId: uuid('stream_id').notNull(),
    streamType: text('stream_type').notNull(),
  },
  table => [
    primaryKey({ columns: [table.organizationId, table.streamId] }),
    foreignKey({
      columns: [table.organizationId],
      foreignColumns: [head.organizationId],
      name: 'streams_head',
    }),
  ],
)

export const events = ledgerSchema.table(
  'events',
  {
    organizationId: organizationId(),
    position: position().notNull(),
    streamId: uuid('stream_id').notNull(),
    streamVersion: position().notNull(),
    eventId: uuid('event_id').notNull(),
    eventType: text('event_type').notNull(),
    schemaVersion: smallint('schema_version').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    actor: text().notNull(),
    /** RFC 8785 canonical JSON: exactly the bytes whose hash is in the leaf. */
    payload: text().notNull(),
    /** RFC 6962 leaf hash of the event's envelope. */
    leafHash: bytea('leaf_hash').notNull(),
  },
  table => [
    primaryKey({ columns: [table.organizationId, table.position] }),
    unique('events_stream_version').on(table.organizationId, table.streamId, table.streamVersion),
    unique('events_event_id').on(table.organizationId, table.eventId),
    unique('events_position_type').on(table.organizationId, table.position, table.eventType),
    foreignKey({
      columns: [table.organizationId, table.streamId],
      foreignColumns: [streams.organizationId, streams.streamId],
      name: 'events_stream',
    }),
    index('events_recorded_at').on(table.organizationId, table.recordedAt, table.position),
    index('events_type').on(table.organizationId, table.eventType, table.position),
    // What people did, among a thousand times as much that the product did by itself.
    index('events_person')
      .on(table.organizationId, table.actor, table.position)
      .where(sql`${table.actor} >= 'user:'`),
    check('events_stream_version_positive', sql`${table.streamVersion} > 0`),
    check('events_leaf_hash_length', sql`length(${table.leafHash}) = 32`),
  ],
)

/** A normalised fact, by hash. The row stays for ever; its body may be purged. */
export const item = ledgerSchema.table(
  'item',
  { organizationId: organizationId(), hash: bytea().notNull() },
  table => [
    primaryKey({ columns: [table.organizationId, table.hash] }),
    foreignKey({ columns: [table.organizationId], foreignColumns: [head.organizationId], name: 'item_head' }),
    check('item_hash_length', sql`length(${table.hash}) = 32`),
  ],
)

/** Names the purge event that removed a body; the event's type is part of the key, so nothing else can stand there. */
export const purgedItem = ledgerSchema.table(
  'purged_item',
  {
    organizationId: organizationId(),
    hash: bytea().notNull(),
    position: position().notNull(),
    eventType: text('event_type').notNull().default('ItemsPurged'),
  },
  table => [
    primaryKey({ columns: [table.organizationId, table.hash, table.position] }),
    foreignKey({
      columns: [table.organizationId, table.hash],
      foreignColumns: [item.organizationId, item.hash],
      name: 'purged_item_item',
    }),
    foreignKey({
      columns: [table.organizationId, table.position, table.eventType],
      foreignColumns: [events.organizationId, events.position, events.eventType],
      name: 'purged_item_event',
    }),
    index('purged_item_by_event').on(table.organizationId, table.position, table.hash),
    check('purged_item_event_type', sql`${table.eventType} = 'ItemsPurged'`),
  ],
)

/**
 * Canonical JSON of an item. Two marks, each set once: purged, then it may be deleted; or sealed, then it may not, unless
 * the seal was given an end and that has passed.
 */
export const itemBody = ledgerSchema.table(
  'item_body',
  {
    organizationId: organizationId(),
    hash: bytea().notNull(),
    body: text().notNull(),
    purgedAtPosition: position(),
    sealedBy: uuid('sealed_by'),
    sealedUntil: instant('sealed_until'),
  },
  table => [
    primaryKey({ columns: [table.organizationId, table.hash] }),
    foreignKey({
      columns: [table.organizationId, table.hash],
      foreignColumns: [item.organizationId, item.hash],
      name: 'item_body_item',
    }),
    foreignKey({
      columns: [table.organizationId, table.hash, table.purgedAtPosition],
      foreignColumns: [purgedItem.organizationId, purgedItem.hash, purgedItem.position],
      name: 'item_body_purged',
    }),
    check(
      'item_body_one_mark',
      sql`${table.purgedAtPosition} is null or ${table.sealedBy} is null or ${table.sealedUntil} is not null`,
    ),
    check('item_body_hash', sql`${table.hash} = sha256(convert_to(${table.body}, 'UTF8'))`),
  ],
)

/** Streams that admit no further event. */
export const sealedStream = ledgerSchema.table(
  'sealed_stream',
  { organizationId: organizationId(), streamId: uuid('stream_id').notNull() },
  table => [
    primaryKey({ columns: [table.organizationId, table.streamId] }),
    foreignKey({
      columns: [table.organizationId, table.streamId],
      foreignColumns: [streams.organizationId, streams.streamId],
      name: 'sealed_stream_stream',
    }),
  ],
)

/** One typed, fingerprinted row that a run attached; bound to its event. */
export const evidence = ledgerSchema.table(
  'evidence',
  {
    organizationId: organizationId(),
    id: uuid().notNull(),
    position: position().notNull(),
    connectionId: uuid('connection_id').notNull(),
    sourceId: uuid('source_id').notNull(),
    runId: uuid('run_id').notNull(),
    kind: text().notNull(),
    mode: text().notNull(),
    fingerprint: bytea().notNull(),
    itemCount: integer('item_count').notNull(),
    collectedFrom: instant('collected_from').notNull(),
    collectedTo: instant('collected_to').notNull(),
    windowFrom: instant('window_from'),
    windowTo: instant('window_to'),
    /** Canonical JSON: the kind's typed summary. */
    summary: text().notNull(),
    /** Canonical JSON: requests, request ids, pages, counts, collector version. */
    provenance: text().notNull(),
  },
  table => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    foreignKey({
      columns: [table.organizationId, table.position],
      foreignColumns: [events.organizationId, events.position],
      name: 'evidence_event',
    }),
    index('evidence_kind').on(table.organizationId, table.kind, table.position),
    index('evidence_source').on(table.organizationId, table.sourceId, table.kind, table.position),
    check('evidence_fingerprint_length', sql`length(${table.fingerprint}) = 32`),
    check('evidence_mode', sql`${table.mode} in ('state', 'feed')`),
  ],
)

/** What an evidence row changed: a subject's item, or null where the subject left. For a feed: every item of its window. */
export const evidenceDelta = ledgerSchema.table(
  'evidence_delta',
  {
    organizationId: organizationId(),
    evidenceId: uuid('evidence_id').notNull(),
    subjectKey: uuid('subject_key').notNull(),
    itemHash: bytea('item_hash'),
  },
  table => [
    primaryKey({ columns: [table.organizationId, table.evidenceId, table.subjectKey] }),
    foreignKey({
      columns: [table.organizationId, table.evidenceId],
      foreignColumns: [evidence.organizationId, evidence.id],
      name: 'evidence_delta_evidence',
    }),
    foreignKey({
      columns: [table.organizationId, table.itemHash],
      foreignColumns: [item.organizationId, item.hash],
      name: 'evidence_delta_item',
    }),
  ],
)
