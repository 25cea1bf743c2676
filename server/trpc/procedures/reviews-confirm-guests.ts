import { z } from 'zod'
import { reviewGuests } from '../../decisions/decide-reviews.ts'
import { noteField } from '../review-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  sourceId: z.uuid(),
  position: z.int().nonnegative(),
  count: z.int().nonnegative(),
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
  note: noteField,
})

/** Confirms a directory's list of guests as the reviewer saw it. */
export const reviewsConfirmGuests = organizationProcedure('reviews:decide')
  .input(input)
  .output(z.void())
  .mutation(({ ctx, input: { organization: _, ...seen } }) => reviewGuests(ctx.services, ctx.access, seen))
