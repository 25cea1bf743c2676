import { z } from 'zod'

const hash = z.string().regex(/^[0-9a-f]{64}$/)

/** From here on this key signs the log's checkpoints. The origin is that of the first key, for ever. */
export const signingKeyAdopted = z.strictObject({
  /** C2SP signed-note: the first four bytes of the key's hash. */
  keyId: z.string().regex(/^[0-9a-f]{8}$/),
  origin: z.string().min(1),
  algorithm: z.enum(['ed25519', 'ecdsa-p256']),
  /** Ed25519: 32 raw bytes; ECDSA: SubjectPublicKeyInfo in DER. */
  publicKey: z.base64(),
})

/** The whole ledger was held against itself, its tiles and every checkpoint up to this size. */
export const ledgerVerified = z.strictObject({
  size: z.int().positive(),
  /** RFC 6962 root over the leaves as they were computed anew. */
  root: hash,
  outcome: z.enum(['holds', 'fails']),
  /** The first of each sort. The words name positions, ids and hashes only. */
  problems: z.array(
    z.strictObject({ sort: z.string(), words: z.string(), position: z.int().nonnegative().nullable() }),
  ),
  requestedBy: z.uuid(),
})

export const sealObstacles = ['key_service', 'log_rewritten'] as const
export type SealObstacle = (typeof sealObstacles)[number]

/** No checkpoint can be signed: the key service does not help, or the log does not continue its newest checkpoint. */
export const sealingFailed = z.strictObject({
  /** Of the newest checkpoint: how many events are under a signature. */
  size: z.int().nonnegative(),
  obstacle: z.enum(sealObstacles),
})

/** A checkpoint over this many events was signed after an outage. */
export const sealingResumed = z.strictObject({ size: z.int().positive() })

const purgeReason = z.enum(['retention', 'erasure', 'organization_deleted'])

/** Bodies of items were removed for good; what they were is still bound by their hashes. */
export const itemsPurged = z.strictObject({
  reason: purgeReason,
  count: z.int().positive(),
  /** RFC 6962 root over the hashes of the items, in ascending order, each hash a leaf. */
  root: hash,
  /** Of retention: every membership of these items had ended before this instant. */
  before: z.iso.datetime().nullable(),
  /** Of an erasure: whose items they were. */
  subjectKey: z.guid().nullable(),
  /** What would have gone as well and did not, because approved assessments hold it: how many bodies, and which assessments. */
  kept: z.strictObject({ count: z.int().nonnegative(), assessments: z.array(z.uuid()) }),
})

/** Of a deleted organization: what its approved assessments hold is held until then, and goes with the purge that follows. */
export const sealEndSet = z.strictObject({
  until: z.iso.datetime(),
  /** How many bodies, and which assessments hold them. */
  count: z.int().positive(),
  assessments: z.array(z.uuid()),
})

const itemsPurgedVersion1 = z.strictObject({ reason: purgeReason, count: z.int().positive(), root: hash })

/** Version 1 said neither whose nor what was kept. */
export const upcastItemsPurged1 = (payload: unknown): z.infer<typeof itemsPurged> => ({
  ...itemsPurgedVersion1.parse(payload),
  before: null,
  subjectKey: null,
  kept: { count: 0, assessments: [] },
})
