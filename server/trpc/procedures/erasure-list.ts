import { z } from 'zod'
import { isAllowed } from '../../domain/member/roles.ts'
import { showErasures } from '../../retention/show-erasures.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const output = z.strictObject({
  asOf: asOfOutput,
  erasures: z.array(
    z.strictObject({
      subjectKey: z.guid(),
      reason: z.string(),
      at: z.date(),
      byName: z.string(),
      /** Null while contents are still being removed. */
      completedAt: z.date().nullable(),
    }),
  ),
  canManage: z.boolean(),
})

/** Who was erased, by the directory's key. */
export const erasureList = organizationProcedure('organization:manage')
  .input(z.strictObject({ ...organizationInput, ...asOfInput }))
  .output(output)
  .query(({ ctx }) =>
    readAsOf(ctx, async (transaction, asOf) => ({
      erasures: await showErasures(ctx.services, transaction, ctx.access.organizationId, asOf),
      canManage: asOf.isNow && isAllowed(ctx.access.role, 'organization:manage'),
    })),
  )
