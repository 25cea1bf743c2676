import { z } from 'zod'
import { chooseKmsKey } from '../../data-keys/manage-keys.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  /** The ARN of the organization's own key; empty for the product's. */
  kmsKeyId: z.string().trim().max(300, 'At most 300 characters.'),
})

/** Chooses the key of the key service that wraps the organization's data keys. */
export const keysChoose = organizationProcedure('organization:manage', { fresh: true })
  .input(input)
  .output(z.void())
  .mutation(({ ctx, input: { kmsKeyId } }) => chooseKmsKey(ctx.services, ctx.access, kmsKeyId))
