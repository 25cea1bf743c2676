import { z } from 'zod'
import { showAssessment } from '../../assessments/show-assessment.ts'
import { readableSteps, timelinePlot } from '../../coverage/read-timeline.ts'
import { evidenceKinds } from '../../domain/evidence/kinds.ts'
import { attachmentOutput, sampleOutput, statusOutput } from '../assessment-fields.ts'
import { listOf } from '../coverage-schemas.ts'
import { eventOutput } from '../event-fields.ts'
import { coveragePlotOutput } from '../plot-schemas.ts'
import { asOfOutput } from '../read-as-of.ts'
import { readPresent } from '../read-present.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const output = z.strictObject({
  asOf: asOfOutput,
  assessmentId: z.uuid(),
  name: z.string(),
  periodFrom: z.date(),
  periodTo: z.date(),
  status: statusOutput,
  openedAt: z.date(),
  openedBy: z.string(),
  submittedAt: z.date().nullable(),
  submittedBy: z.string().nullable(),
  sentBackReason: z.string().nullable(),
  approvedAt: z.date().nullable(),
  approvedBy: z.string().nullable(),
  checkpoint: z.strictObject({ size: z.int(), root: z.string() }).nullable(),
  items: z.strictObject({ held: z.int(), gone: z.int() }),
  isPeriodOver: z.boolean(),
  isOwnSubmission: z.boolean(),
  controls: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      rule: z.string(),
      kinds: z.array(z.strictObject({ kind: z.enum(evidenceKinds), title: z.string() })),
      populationKind: z.enum(evidenceKinds).nullable(),
    }),
  ),
  attachments: z.array(attachmentOutput),
  instants: z.array(z.date()),
  samples: z.array(sampleOutput),
  coverage: z.strictObject({
    breakpoints: listOf(z.strictObject({ at: z.date(), value: z.number() })),
    outages: listOf(z.strictObject({ from: z.date(), to: z.date(), label: z.string() })),
    plot: coveragePlotOutput,
  }),
  history: z.array(eventOutput),
})

/** One assessment: what is attached, how its controls were covered, its samples and its history. */
export const assessmentsGet = organizationProcedure('assessments:read')
  .input(z.strictObject({ ...organizationInput, ...asOfInput, assessmentId: z.uuid() }))
  .output(output)
  .query(({ ctx, input: { assessmentId, asOf } }) =>
    readPresent(ctx, asOf, async (transaction, asOf) => {
      const { services, access } = ctx
      const { timeline, ...shown } = await showAssessment(services, transaction, access, asOf, assessmentId)
      const { outages } = timeline
      const coverage = { breakpoints: readableSteps(timeline), outages, plot: timelinePlot(timeline) }
      return { ...shown, coverage }
    }),
  )
