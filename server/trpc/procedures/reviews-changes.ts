import { z } from 'zod'
import { showPolicyChanges } from '../../decisions/show-reviews.ts'
import { listOf } from '../coverage-schemas.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { reviewedFields } from '../review-fields.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const changedItem = z.strictObject({
  subjectKey: z.string(),
  name: z.string().nullable(),
  login: z.string().nullable(),
  removed: z.string().nullable(),
  fields: z.array(
    z.strictObject({ field: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
  ),
})

const output = z.strictObject({
  asOf: asOfOutput,
  count: z.int(),
  changes: listOf(
    z.strictObject({
      sourceId: z.uuid(),
      evidenceId: z.uuid(),
      at: z.date(),
      deadline: z.date(),
      acknowledged: z.strictObject(reviewedFields).nullable(),
      items: z.strictObject({
        joined: z.array(changedItem),
        changed: z.array(changedItem),
        left: z.array(changedItem),
      }),
    }),
  ),
})

/** Changes of the policies in the trailing 30 days, item by item, and who acknowledged them. */
export const reviewsChanges = organizationProcedure('evidence:read')
  .input(z.strictObject({ ...organizationInput, ...asOfInput }))
  .output(output)
  .query(({ ctx }) =>
    readAsOf(ctx, async (transaction, asOf) => {
      const { organizationId } = ctx.access
      const { database } = ctx.services
      const shown = await showPolicyChanges({ database, transaction, organizationId, asOf })
      return {
        count: shown.count,
        changes: shown.changes.map(({ acknowledged, ...change }) => ({
          ...change,
          acknowledged: acknowledged && onlyReviewed(acknowledged),
        })),
      }
    }),
  )

const onlyReviewed = ({ at, doneAt, byName, note }: z.infer<z.ZodObject<typeof reviewedFields>>) => ({
  at,
  doneAt,
  byName,
  note,
})
