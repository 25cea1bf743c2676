import { z } from 'zod'
import { populationSchema, reasonSchema, verdicts } from './judgement.ts'

/** Appended when the verdict, its reasons, its inputs or a coming change by time alone is another than before. */
export const controlEvaluated = z.strictObject({
  controlId: z.string(),
  sourceId: z.uuid(),
  connectionId: z.uuid(),
  catalogueVersion: z.int().positive(),
  verdict: z.enum(verdicts),
  reasons: z.array(reasonSchema),
  population: populationSchema,
  /** SHA-256 of what the rule looked at. */
  inputs: z.string(),
  changes: z.array(
    z.strictObject({ at: z.iso.datetime(), verdict: z.enum(verdicts), reasons: z.array(reasonSchema) }),
  ),
})
