import { desc, eq } from 'drizzle-orm'
import { z } from 'zod'
import type { Transaction } from '../../db/client.ts'
import { verification } from '../../db/schema/state.ts'
import { type Check, checks } from '../domain/log/checks.ts'

const sorts = Object.keys(checks)
const sort = z.custom<Check>(value => typeof value === 'string' && sorts.includes(value))

/** How far a verification is; `at` says when it was last heard of. */
const progressSchema = z.object({
  part: z.enum(['waiting', 'events', 'streams', 'items', 'rest']),
  done: z.int(),
  of: z.int().nullable(),
  at: z.iso.datetime(),
})
export type StoredProgress = z.infer<typeof progressSchema>

/** How it came out: what was found, or why it broke off. */
const finishedSchema = z.object({
  size: z.int(),
  root: z.string(),
  outcome: z.enum(['holds', 'fails']),
  problems: z.array(z.object({ sort, words: z.string(), position: z.int().nullable() })),
  counted: z.object({ checkpoints: z.int(), tiles: z.int(), evidence: z.int(), items: z.int() }),
  /** The event that records it. */
  position: z.int(),
})
export type FinishedResult = z.infer<typeof finishedSchema>

const resultSchema = z.union([finishedSchema, z.object({ explanation: z.string() })])
export type StoredResult = z.infer<typeof resultSchema>

export type VerificationStatus = 'waiting' | 'running' | 'done' | 'broken'

export interface StoredVerification {
  id: string
  requestedBy: string
  requestedAt: Date
  status: VerificationStatus
  progress: StoredProgress
  result: StoredResult | null
  finishedAt: Date | null
}

/** Milliseconds after which one that says nothing is over: its worker died and no other took it up. */
const longestSilence = 10 * 60_000

/** Newest first. One that has not been heard of for long is broken, whatever its row says. */
export async function listVerifications(
  transaction: Transaction,
  organizationId: string,
  { now, limit }: { now: Date; limit: number },
): Promise<StoredVerification[]> {
  const rows = await transaction
    .select()
    .from(verification)
    .where(eq(verification.organizationId, organizationId))
    .orderBy(desc(verification.requestedAt), desc(verification.id))
    .limit(limit)
  return rows.map(({ id, requestedBy, requestedAt, finishedAt, ...row }) => {
    const progress = progressSchema.parse(row.progress)
    const result = row.result === null ? null : resultSchema.parse(row.result)
    // Written by this folder alone.
    const status = row.status as VerificationStatus
    const common = { id, requestedBy, requestedAt, progress, finishedAt }
    if (!isOpen(status) || now.getTime() - Date.parse(progress.at) < longestSilence) {
      return { ...common, status, result }
    }
    return { ...common, status: 'broken', result: { explanation: silent } }
  })
}

/** Whether it is still to come to an end. */
export const isOpen = (status: VerificationStatus): boolean => status === 'waiting' || status === 'running'

const silent = 'Its worker ended and none took it up again. Nothing was found or recorded; start another.'
