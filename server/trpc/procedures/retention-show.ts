import { z } from 'zod'
import { isAllowed } from '../../domain/member/roles.ts'
import { showRetention } from '../../retention/show-retention.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const output = z.strictObject({
  asOf: asOfOutput,
  years: z.int(),
  bounds: z.strictObject({
    initial: z.int(),
    least: z.int(),
    mostWithoutReason: z.int(),
    most: z.int(),
  }),
  /** Bodies that the last purge removed, and that seals kept from it; null before the first. */
  lastPurge: z.strictObject({ at: z.date(), removed: z.int(), kept: z.int() }).nullable(),
  nextPurgeAt: z.date().nullable(),
  /** Whether the reader decides about data here; `canManage`: at this moment. */
  isManager: z.boolean(),
  isOwner: z.boolean(),
  canManage: z.boolean(),
})

/** How long the content of items is kept. */
export const retentionShow = organizationProcedure('coverage:read')
  .input(z.strictObject({ ...organizationInput, ...asOfInput }))
  .output(output)
  .query(({ ctx }) =>
    readAsOf(ctx, async (transaction, asOf) => {
      const isManager = isAllowed(ctx.access.role, 'organization:manage')
      const shown = await showRetention(transaction, ctx.access.organizationId, asOf)
      const isOwner = isAllowed(ctx.access.role, 'organization:delete')
      return { ...shown, isManager, isOwner, canManage: isManager && asOf.isNow }
    }),
  )
