import { z } from 'zod'
import { showSample } from '../../assessments/show-sample.ts'
import { populationColumns } from '../../domain/evidence/population-cells.ts'
import { sampleOutput } from '../assessment-fields.ts'
import { kindOutput } from '../evidence-fields.ts'
import { answeredAsOf, asOfOutput } from '../read-as-of.ts'
import { assertPresent, presentOr } from '../read-present.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const cell = z.strictObject({
  text: z.string(),
  tone: z.enum(['pass', 'fail', 'stale', 'unknown', 'none']).nullable(),
  at: z.date().nullable(),
})

const output = z.strictObject({
  asOf: asOfOutput,
  assessment: z.strictObject({ assessmentId: z.uuid(), name: z.string() }),
  sample: sampleOutput,
  attachment: z.strictObject({
    evidenceId: z.uuid(),
    kind: kindOutput,
    fingerprint: z.string(),
    itemCount: z.int(),
    instant: z.date(),
    position: z.int(),
    asOfText: z.string(),
  }),
  columns: z.array(z.strictObject({ key: z.string(), header: z.string() })),
  /** Null where contents of the population were removed since, so that it cannot be drawn again. */
  rows: z
    .array(
      z.strictObject({
        rank: z.string(),
        subjectKey: z.guid(),
        itemHash: z.string(),
        isRemoved: z.boolean(),
        removed: z.string().nullable(),
        name: z.string(),
        login: z.string().nullable(),
        cells: z.record(z.string(), cell),
        proof: z.strictObject({
          leaf: z.string(),
          index: z.int(),
          size: z.int(),
          hashes: z.array(z.string()),
          holds: z.boolean(),
        }),
      }),
    )
    .nullable(),
})

/** A sample, drawn once more, with the proof of each row. */
export const assessmentsSample = organizationProcedure('assessments:read')
  .input(z.strictObject({ ...organizationInput, ...asOfInput, assessmentId: z.uuid(), sampleId: z.uuid() }))
  .output(output)
  .query(async ({ ctx, input: { assessmentId, sampleId, asOf } }) => {
    const request = presentOr(ctx, asOf)
    const shown = await showSample(ctx.services, ctx.access, request, { assessmentId, sampleId })
    assertPresent(ctx, request, shown.asOf)
    const { evidenceId, kind, fingerprint, itemCount, instant, position } = shown.attachment
    return {
      asOf: answeredAsOf(shown.asOf),
      assessment: { assessmentId, name: shown.assessment.name },
      sample: shown.sample,
      attachment: {
        evidenceId,
        kind,
        fingerprint,
        itemCount,
        instant,
        position,
        asOfText: `${instant.toISOString()}@${position}`,
      },
      columns: [...populationColumns[kind]],
      rows: shown.rows,
    }
  })
