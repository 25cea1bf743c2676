import { z } from 'zod'
import { populationSchema, reasonSchema, verdicts } from './judgement.ts'

const controlEvaluatedVersion1 = z.strictObject({
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

/** Appended when the verdict, its reasons, its inputs or a coming change by time alone is another than before. */
export const controlEvaluated = controlEvaluatedVersion1.extend({
  /** The instant that the rules judged at, at or before the one it is recorded at. Null where version 1 did not say it. */
  judgedAt: z.iso.datetime().nullable(),
})

/** Version 1 left the instant of judging to be taken for that of recording. */
export const upcastControlEvaluated1 = (payload: unknown): z.infer<typeof controlEvaluated> => ({
  ...controlEvaluatedVersion1.parse(payload),
  judgedAt: null,
})
