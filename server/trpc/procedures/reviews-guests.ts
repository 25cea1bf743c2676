import { z } from 'zod'
import { showGuests } from '../../decisions/show-guests.ts'
import { listOf } from '../coverage-schemas.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { reviewedFields } from '../review-fields.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const text = z.string().nullable()

const output = z.strictObject({
  asOf: asOfOutput,
  lists: listOf(
    z.strictObject({
      sourceId: z.uuid(),
      count: z.int(),
      fingerprint: z.string(),
      guests: listOf(
        z.strictObject({ subjectKey: z.guid(), name: text, login: text, createdAt: text, state: text }),
      ),
      reviewed: z
        .strictObject({ ...reviewedFields, until: z.date(), count: z.int().nullable(), isSame: z.boolean() })
        .nullable(),
    }),
  ),
})

/** Each directory's list of guests, and who reviewed it last. */
export const reviewsGuests = organizationProcedure('evidence:read')
  .input(z.strictObject({ ...organizationInput, ...asOfInput }))
  .output(output)
  .query(({ ctx }) =>
    readAsOf(ctx, async (transaction, asOf) => ({
      lists: await showGuests({
        database: ctx.services.database,
        transaction,
        organizationId: ctx.access.organizationId,
        asOf,
      }),
    })),
  )
