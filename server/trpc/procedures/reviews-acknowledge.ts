import { z } from 'zod'
import { acknowledgeChange } from '../../decisions/decide-reviews.ts'
import { noteField } from '../review-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({ ...organizationInput, evidenceId: z.uuid(), note: noteField })

/** Acknowledges a change of the policies. */
export const reviewsAcknowledge = organizationProcedure('reviews:decide')
  .input(input)
  .output(z.void())
  .mutation(({ ctx, input: { evidenceId, note } }) =>
    acknowledgeChange(ctx.services, ctx.access, { evidenceId, note }),
  )
