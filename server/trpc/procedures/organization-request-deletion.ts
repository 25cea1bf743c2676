import { z } from 'zod'
import { requestDeletion } from '../../retention/ask-deletion.ts'
import { formText } from '../connection-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

/** Asks for the organization to be deleted after the days of grace. */
export const organizationRequestDeletion = organizationProcedure('organization:delete', { fresh: true })
  .input(z.strictObject({ ...organizationInput, confirmation: formText }))
  .output(z.void())
  .mutation(({ ctx, input: { confirmation } }) => requestDeletion(ctx.services, ctx.access, confirmation))
