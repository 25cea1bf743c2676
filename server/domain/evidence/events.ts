import { z } from 'zod'
import { evidenceKinds, unavailableReasons } from './kinds.ts'

const hash = z.string().regex(/^[0-9a-f]{64}$/)

const evidenceOf = {
  connectionId: z.uuid(),
  sourceId: z.uuid(),
  runId: z.uuid(),
  kind: z.enum(evidenceKinds),
}

const window = z.strictObject({ from: z.iso.datetime(), to: z.iso.datetime() })

export const evidenceAttached = z.strictObject({
  ...evidenceOf,
  evidenceId: z.uuid(),
  mode: z.enum(['state', 'feed']),
  fingerprint: hash,
  itemCount: z.int().nonnegative(),
  /** What changed against the evidence before: for a feed, how many items are new or different. */
  changes: z.strictObject({
    joined: z.int().nonnegative(),
    changed: z.int().nonnegative(),
    left: z.int().nonnegative(),
  }),
  collectedFrom: z.iso.datetime(),
  collectedTo: z.iso.datetime(),
  window: window.nullable(),
  /** Why it was attached: the source changed, or the collector's way of normalising did. */
  cause: z.enum(['source', 'collector']),
  normaliserVersion: z.int().positive(),
  summary: z.record(z.string(), z.union([z.number(), z.boolean(), z.string(), z.null()])),
  provenanceSha256: hash,
  controls: z.array(z.string()),
})

/** Read whole again and found the same: freshness is renewed, no row is written. */
export const evidenceReaffirmed = z.strictObject({
  ...evidenceOf,
  evidenceId: z.uuid(),
  fingerprint: hash,
  itemCount: z.int().nonnegative(),
  collectedFrom: z.iso.datetime(),
  collectedTo: z.iso.datetime(),
  requestIds: z.array(z.string()),
})

export const evidenceUnavailable = z.strictObject({
  ...evidenceOf,
  reason: z.enum(unavailableReasons),
  explanation: z.string(),
  status: z.int().nullable(),
  code: z.string().nullable(),
  requestId: z.string().nullable(),
})
