import { z } from 'zod'
import { getEvidence } from '../../evidence/queries/get-evidence.ts'
import { periodStart } from '../../members/auditor-period.ts'
import { attachedRowFields, evidenceIdField, kindOutput, summaryOutput } from '../evidence-fields.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const changedItems = z.array(
  z.strictObject({
    subjectKey: z.guid(),
    name: z.string().nullable(),
    /** What is said where the content is gone. */
    removed: z.string().nullable(),
    login: z.string().nullable(),
    fields: z.array(
      z.strictObject({ field: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
    ),
  }),
)

const output = z.strictObject({
  asOf: asOfOutput,
  evidence: z.strictObject({
    ...attachedRowFields,
    sourceId: z.uuid(),
    connectionId: z.uuid(),
    runId: z.uuid(),
    kind: kindOutput,
    title: z.string(),
    mode: z.enum(['state', 'feed']),
    words: z.string(),
    collectedFrom: z.date(),
    collectedTo: z.date(),
    summary: summaryOutput,
    provenance: z.strictObject({
      request: z.string(),
      requestIds: z.array(z.string()),
      pages: z.int(),
      rows: z.int(),
      declaredCount: z.int().nullable(),
      firstResponseAt: z.date(),
      lastResponseAt: z.date(),
      collectorVersion: z.string(),
      normaliserVersion: z.int(),
      reportedAt: z.string().nullable(),
      retries: z.int(),
    }),
    provenanceSha256: z.string(),
    controls: z.array(z.strictObject({ id: z.string(), title: z.string() })),
    changed: z.strictObject({ joined: changedItems, changed: changedItems, left: changedItems }),
    reaffirmed: z.strictObject({ times: z.int(), lastAt: z.date() }).nullable(),
    previousId: z.uuid().nullable(),
    nextId: z.uuid().nullable(),
  }),
})

/** One evidence row: what it says, where it comes from, and what it changed. */
export const evidenceGet = organizationProcedure('evidence:read')
  .input(z.strictObject({ ...organizationInput, ...asOfInput, id: evidenceIdField }))
  .output(output)
  .query(({ ctx, input: { id } }) =>
    readAsOf(ctx, async (transaction, asOf) => {
      const { access } = ctx
      const start = await periodStart(transaction, access)
      return { evidence: await getEvidence(transaction, access.organizationId, asOf, { id, start }) }
    }),
  )
