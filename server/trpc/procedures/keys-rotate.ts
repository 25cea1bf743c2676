import { z } from 'zod'
import { rotateDataKey } from '../../data-keys/manage-keys.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

/** Makes a new data key, and has every stored secret sealed anew under it. */
export const keysRotate = organizationProcedure('organization:manage', { fresh: true })
  .input(z.strictObject(organizationInput))
  .output(z.void())
  .mutation(({ ctx }) => rotateDataKey(ctx.services, ctx.access))
