import { z } from 'zod'
import { itemProof } from '../../evidence/queries/item-proof.ts'
import { periodStart } from '../../members/auditor-period.ts'
import { inclusionOutput } from '../event-fields.ts'
import { kindField, kindOutput, subjectField } from '../evidence-fields.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  ...asOfInput,
  kind: kindField,
  source: z.uuid().optional(),
  subject: subjectField,
})

const output = z.strictObject({
  asOf: asOfOutput,
  subject: z.strictObject({ key: z.guid(), itemHash: z.string(), item: z.string().nullable() }),
  evidence: z.strictObject({
    id: z.uuid(),
    kind: kindOutput,
    sourceId: z.uuid(),
    itemCount: z.int(),
    fingerprint: z.string(),
    leaf: z.string(),
    index: z.int(),
    size: z.int(),
    hashes: z.array(z.string()),
    holds: z.boolean(),
  }),
  event: z.strictObject({ ...inclusionOutput, payload: z.string() }),
})

/** That somebody or something was in a population: from the item to the signed checkpoint. */
export const evidenceItemProof = organizationProcedure('evidence:read')
  .input(input)
  .output(output)
  .query(({ ctx, input: { kind, source, subject } }) =>
    readAsOf(ctx, async (transaction, asOf) => {
      const { access, services } = ctx
      const start = await periodStart(transaction, access)
      return itemProof(services, transaction, access.organizationId, asOf, { kind, source, subject, start })
    }),
  )
