import { z } from 'zod'
import { requestSync } from '../../connections/manage-connection.ts'
import { limitAction } from '../../http/rate-limit.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

/** Asks for a sync at once. */
export const connectionsSyncNow = organizationProcedure('connections:sync')
  .input(z.strictObject({ ...organizationInput, connectionId: z.uuid() }))
  .output(
    z.strictObject({
      /** False where a run is in flight: it is not doubled. */
      isQueued: z.boolean(),
    }),
  )
  .mutation(async ({ ctx, input }) => {
    const { services, access } = ctx
    const { organizationId, userId } = access
    await limitAction(services.database, 'sync_now', organizationId)
    const target = { organizationId, userId, connectionId: input.connectionId }
    return { isQueued: await requestSync(services, target) }
  })
