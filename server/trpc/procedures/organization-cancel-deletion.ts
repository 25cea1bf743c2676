import { z } from 'zod'
import { cancelDeletion } from '../../retention/ask-deletion.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

/** Takes the deletion of the organization back before it has begun. */
export const organizationCancelDeletion = organizationProcedure('organization:delete')
  .input(z.strictObject(organizationInput))
  .output(z.void())
  .mutation(({ ctx }) => cancelDeletion(ctx.services, ctx.access))
