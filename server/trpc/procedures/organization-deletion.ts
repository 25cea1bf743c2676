import { z } from 'zod'
import { showDeletion } from '../../retention/show-deletion.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const output = z.strictObject({
  asOf: asOfOutput,
  /** When the organization is to be deleted; null where nobody asked for it. */
  deletesAt: z.date().nullable(),
  graceDays: z.int(),
  /** What approved assessments would keep for so many years more: bodies, and the assessments by name. */
  kept: z.strictObject({ count: z.int(), assessments: z.array(z.string()), years: z.int() }),
  /** What is typed to ask for it. */
  word: z.string(),
})

/** What deleting the organization would do, and whether it was asked for. */
export const organizationDeletion = organizationProcedure('organization:delete')
  .input(z.strictObject({ ...organizationInput, ...asOfInput }))
  .output(output)
  .query(({ ctx }) =>
    readAsOf(ctx, async (transaction, asOf) => ({
      ...(await showDeletion(transaction, ctx.access.organizationId, asOf)),
      word: ctx.access.slug,
    })),
  )
