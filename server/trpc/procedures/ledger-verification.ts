import { z } from 'zod'
import { showVerifications } from '../../audit/show-verifications.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const result = z.strictObject({
  size: z.int(),
  root: z.string(),
  outcome: z.enum(['holds', 'fails']),
  checks: z.array(
    z.strictObject({
      sort: z.string(),
      title: z.string(),
      holds: z.boolean(),
      words: z.string(),
      position: z.int().nullable(),
    }),
  ),
  counted: z.strictObject({ checkpoints: z.int(), tiles: z.int(), evidence: z.int(), items: z.int() }),
  position: z.int(),
})

const output = z.strictObject({
  verifications: z.array(
    z.strictObject({
      id: z.uuid(),
      requestedBy: z.string(),
      requestedAt: z.date(),
      status: z.enum(['waiting', 'running', 'done', 'broken']),
      progress: z.strictObject({
        part: z.enum(['waiting', 'events', 'streams', 'items', 'rest']),
        done: z.int(),
        of: z.int().nullable(),
      }),
      finishedAt: z.date().nullable(),
      result: result.nullable(),
      explanation: z.string().nullable(),
    }),
  ),
})

/** The last verifications with how far they are and what they found. Always of now. */
export const ledgerVerification = organizationProcedure('ledger:read')
  .input(z.strictObject(organizationInput))
  .output(output)
  .query(({ ctx: { services, access } }) => showVerifications(services, access.organizationId))
