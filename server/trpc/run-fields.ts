import { z } from 'zod'
import { cadences } from '../domain/evidence/kinds.ts'

/** A run as answers carry it. */
export const runOutput = z.strictObject({
  id: z.uuid(),
  trigger: z.string(),
  cadence: z.enum(cadences),
  startedAt: z.date(),
  finishedAt: z.date().nullable(),
  outcome: z.enum(['running', 'succeeded', 'partly', 'failed']),
  explanation: z.string().nullable(),
  kinds: z.array(
    z.strictObject({
      kind: z.string(),
      title: z.string(),
      outcome: z.enum(['collected', 'reaffirmed', 'unavailable']),
      items: z.int().nullable(),
      reason: z.string().nullable(),
    }),
  ),
})
