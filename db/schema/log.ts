import { sql } from 'drizzle-orm'
import { check, foreignKey, primaryKey, smallint, text } from 'drizzle-orm/pg-core'
import { bytea, instant, organizationId, position } from './columns.ts'
import { events, head, ledgerSchema } from './ledger.ts'

/**
 * The keys that sign an organization's checkpoints, in the order of their use. The origin, which is also each key's name,
 * is fixed with the first.
 */
export const logKey = ledgerSchema.table(
  'log_key',
  {
    organizationId: organizationId(),
    /** The first four bytes of the key's hash, in hexadecimal: C2SP signed-note. */
    keyId: text('key_id').notNull(),
    origin: text().notNull(),
    algorithm: text().notNull(),
    /** Ed25519: 32 raw bytes; ECDSA: SubjectPublicKeyInfo in DER. */
    publicKey: bytea('public_key').notNull(),
    kmsKeyId: text('kms_key_id').notNull(),
    /** The event that announced the key. */
    position: position().notNull(),
  },
  table => [
    primaryKey({ columns: [table.organizationId, table.keyId] }),
    foreignKey({
      columns: [table.organizationId, table.position],
      foreignColumns: [events.organizationId, events.position],
      name: 'log_key_event',
    }),
    check('log_key_algorithm', sql`${table.algorithm} in ('ed25519', 'ecdsa-p256')`),
  ],
)

/** Full C2SP tlog tiles: 256 hashes of one level of the organization's Merkle tree. Partial ones are computed when asked. */
export const tile = ledgerSchema.table(
  'tile',
  {
    organizationId: organizationId(),
    level: smallint().notNull(),
    index: position().notNull(),
    hashes: bytea().notNull(),
    /** RFC 6962 root over its hashes: its entry in the level above, so that partial tiles there are read, not computed. */
    root: bytea().notNull(),
  },
  table => [
    primaryKey({ columns: [table.organizationId, table.level, table.index] }),
    foreignKey({ columns: [table.organizationId], foreignColumns: [head.organizationId], name: 'tile_head' }),
    check('tile_width', sql`length(${table.hashes}) = 8192`),
    check('tile_root_length', sql`length(${table.root}) = 32`),
  ],
)

/** Signed checkpoints (C2SP tlog-checkpoint): how large the log was and which root it had. */
export const checkpoint = ledgerSchema.table(
  'checkpoint',
  {
    organizationId: organizationId(),
    size: position().notNull(),
    root: bytea().notNull(),
    /** The signed note as it leaves the machine. */
    note: text().notNull(),
    keyId: text('key_id').notNull(),
    signedAt: instant('signed_at').notNull(),
  },
  table => [
    primaryKey({ columns: [table.organizationId, table.size] }),
    foreignKey({
      columns: [table.organizationId, table.keyId],
      foreignColumns: [logKey.organizationId, logKey.keyId],
      name: 'checkpoint_key',
    }),
    check('checkpoint_size', sql`${table.size} > 0`),
    check('checkpoint_root_length', sql`length(${table.root}) = 32`),
  ],
)
