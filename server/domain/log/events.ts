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

/** Bodies of items were removed for good; what they were is still bound by their hashes. */
export const itemsPurged = z.strictObject({
  reason: z.enum(['retention', 'erasure', 'organization_deleted']),
  count: z.int().positive(),
  /** RFC 6962 root over the hashes of the items, in ascending order, each hash a leaf. */
  root: hash,
})
