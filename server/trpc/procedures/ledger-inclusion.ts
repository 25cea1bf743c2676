import { z } from 'zod'
import { getInclusion } from '../../audit/get-inclusion.ts'
import { periodStart } from '../../members/auditor-period.ts'
import { checkpointSizeField, inclusionOutput, positionField } from '../event-fields.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  ...asOfInput,
  position: positionField,
  /** The checkpoint to prove it against, by its size; without it the newest. */
  size: checkpointSizeField.optional(),
})

/** That one event is in the log: its leaf, and the proof against a signed checkpoint. */
export const ledgerInclusion = organizationProcedure('ledger:read')
  .input(input)
  .output(z.strictObject({ asOf: asOfOutput, ...inclusionOutput }))
  .query(({ ctx, input: { position, size } }) =>
    readAsOf(ctx, async (transaction, asOf) => {
      const start = await periodStart(transaction, ctx.access)
      return getInclusion(transaction, ctx.access.organizationId, asOf, { position, size, start })
    }),
  )
