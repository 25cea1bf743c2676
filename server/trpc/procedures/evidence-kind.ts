import { z } from 'zod'
import { riskLevels } from '../../evidence/queries/kind-view.ts'
import { showKind } from '../../evidence/queries/show-kind.ts'
import { attachedRowFields, kindField, kindStateOutput, sourceFields } from '../evidence-fields.ts'
import { columnsPlotOutput } from '../plot-schemas.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  ...asOfInput,
  kind: kindField,
  /** One of several connected directories; the newest without. */
  source: z.uuid().optional(),
  /** Rows of the history before this position. */
  before: z.coerce.number().int().nonnegative().optional(),
})

const policyOutput = z.strictObject({
  id: z.string(),
  name: z.string(),
  state: z.enum(['enabled', 'report_only', 'disabled', 'other']),
  stateWords: z.string(),
  who: z.array(z.string()),
  apps: z.array(z.string()),
  conditions: z.array(z.string()),
  grant: z.string(),
  exclusions: z.array(z.string()),
})

const output = z.strictObject({
  asOf: asOfOutput,
  source: z.strictObject(sourceFields),
  sources: z.array(z.strictObject(sourceFields)),
  state: kindStateOutput,
  view: z.strictObject({
    policies: z.array(policyOutput),
    signInPlot: columnsPlotOutput(riskLevels).nullable(),
  }),
  controls: z.array(z.strictObject({ id: z.string(), title: z.string() })),
  history: z.strictObject({
    rows: z.array(z.strictObject(attachedRowFields)),
    next: z.int().nullable(),
  }),
})

/** One kind: what is in force, its own view, the controls it serves, and a page of what was attached before. */
export const evidenceKindProcedure = organizationProcedure('evidence:read')
  .input(input)
  .output(output)
  .query(({ ctx, input: { kind, source, before } }) =>
    readAsOf(ctx, (transaction, asOf) =>
      showKind(ctx.services, transaction, ctx.access, asOf, { kind, sourceId: source, before }),
    ),
  )
