import { z } from 'zod'
import { limitAction } from '../../http/rate-limit.ts'
import { startVerification } from '../../verification/start-verification.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

/** Asks for a verification of the whole ledger: events, tiles, checkpoints, evidence, items. */
export const ledgerVerify = organizationProcedure('ledger:verify')
  .input(z.strictObject(organizationInput))
  .output(
    z.strictObject({
      /** False where one is on its way: it is not doubled. */
      isNew: z.boolean(),
    }),
  )
  .mutation(async ({ ctx: { services, access } }) => {
    const { organizationId, userId } = access
    await limitAction(services.database, 'verify', organizationId)
    return startVerification(services, { organizationId, userId })
  })
