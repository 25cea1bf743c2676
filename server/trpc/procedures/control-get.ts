import { z } from 'zod'
import { readControl } from '../../coverage/read-control.ts'
import { controlStates } from '../../domain/coverage/control-timeline.ts'
import { evidenceKinds } from '../../domain/evidence/kinds.ts'
import { exceptionSubjectSchema } from '../../domain/exception/subject.ts'
import { periodStart } from '../../members/auditor-period.ts'
import {
  freshnessOutput,
  listedControlFields,
  listOf,
  populationOutput,
  stepOutput,
  verdictOutput,
} from '../coverage-schemas.ts'
import { verdictTimelineOutput } from '../plot-schemas.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  ...asOfInput,
  controlId: z.string().max(20),
  /** Where the list of subjects goes on. */
  cursor: z.string().max(200).optional(),
})

const reasonVerdict = z.union([verdictOutput, z.literal('advice')])

const sourceOutput = z.strictObject({
  sourceId: z.uuid(),
  label: z.string(),
  verdict: verdictOutput,
  words: z.string(),
  since: z.date().nullable(),
  recordedAt: z.date().nullable(),
  position: z.int().nullable(),
  population: populationOutput.nullable(),
  reasons: listOf(
    z.strictObject({
      code: z.string(),
      verdict: reasonVerdict,
      count: z.int(),
      text: z.string(),
      step: stepOutput,
      exceptable: exceptionSubjectSchema.nullable(),
    }),
  ),
  evidence: listOf(
    z.strictObject({
      kind: z.enum(evidenceKinds),
      title: z.string(),
      freshness: freshnessOutput,
      lastSuccessAt: z.date().nullable(),
      isSettledUnavailable: z.boolean(),
    }),
  ),
})

const output = z.strictObject({
  asOf: asOfOutput,
  ...listedControlFields,
  rule: z.string(),
  populationWords: z.string(),
  criteriaNames: listOf(z.strictObject({ id: z.string(), name: z.string() })),
  catalogueVersion: z.int(),
  trailingDays: z.int().nullable(),
  takesExceptions: z.boolean(),
  sources: listOf(sourceOutput),
  subjects: z.strictObject({
    subjects: listOf(
      z.strictObject({
        sourceId: z.uuid(),
        sourceLabel: z.string(),
        subjectKey: z.string(),
        name: z.string().nullable(),
        login: z.string().nullable(),
        isRemoved: z.boolean(),
        verdict: reasonVerdict,
        words: z.string(),
      }),
    ),
    count: z.int(),
    named: z.int(),
    isFirst: z.boolean(),
    next: z.string().nullable(),
  }),
  timeline: verdictTimelineOutput(controlStates),
})

const days = 30

/** One control: its rule, its verdict and what made it, and how it stood over the last 30 days. */
export const controlGet = organizationProcedure('coverage:read')
  .input(input)
  .output(output)
  .query(({ ctx, input: { controlId, cursor = null } }) =>
    readAsOf(ctx, async (transaction, asOf) => {
      const { organizationId } = ctx.access
      const { connectors } = ctx.services
      const earliest = (await periodStart(transaction, ctx.access))?.from ?? null
      return readControl(transaction, { organizationId, connectors, asOf, controlId, cursor, days, earliest })
    }),
  )
