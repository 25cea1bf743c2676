import { z } from 'zod'
import { listEvidence } from '../../evidence/queries/list-evidence.ts'
import { kindStateOutput, sourceFields } from '../evidence-fields.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const output = z.strictObject({
  asOf: asOfOutput,
  sources: z.array(z.strictObject({ ...sourceFields, kinds: z.array(kindStateOutput) })),
})

/** What was held of every kind of every directory, and how old it was. */
export const evidenceList = organizationProcedure('evidence:read')
  .input(z.strictObject({ ...organizationInput, ...asOfInput }))
  .output(output)
  .query(({ ctx }) =>
    readAsOf(ctx, (transaction, asOf) =>
      listEvidence(ctx.services, transaction, ctx.access.organizationId, asOf),
    ),
  )
