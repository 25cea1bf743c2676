import { z } from 'zod'

/** A line of what `npm run soak` reports: which law was tried, how often and from which seed. */
export const lawOutcome = z.strictObject({
  law: z.string(),
  seed: z.int(),
  runs: z.int(),
  seconds: z.number(),
  result: z.enum(['holds', 'time is up', 'FAILS']),
  /** What was measured, as the last run had it. */
  figures: z.string().optional(),
})
export type LawOutcome = z.infer<typeof lawOutcome>
