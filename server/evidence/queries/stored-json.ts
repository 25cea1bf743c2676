import { z } from 'zod'

const summarySchema = z.record(z.string(), z.union([z.number(), z.boolean(), z.string(), z.null()]))

/** A kind's counts as they were stored with its evidence. */
export const parseSummary = (text: string) => summarySchema.parse(JSON.parse(text))

const provenanceSchema = z.object({
  request: z.string(),
  requestIds: z.array(z.string()),
  pages: z.number(),
  rows: z.number(),
  declaredCount: z.number().nullable(),
  firstResponseAt: z.coerce.date(),
  lastResponseAt: z.coerce.date(),
  collectorVersion: z.string(),
  normaliserVersion: z.number(),
  reportedAt: z.string().nullable(),
  retries: z.number(),
})
export type StoredProvenance = z.infer<typeof provenanceSchema>

/** How an evidence row was read. */
export const parseProvenance = (text: string): StoredProvenance => provenanceSchema.parse(JSON.parse(text))
