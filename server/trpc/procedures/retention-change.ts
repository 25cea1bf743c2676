import { z } from 'zod'
import { changeRetention } from '../../retention/change-retention.ts'
import { formText } from '../connection-fields.ts'
import { reasonField, yearsField } from '../retention-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  years: yearsField,
  reason: reasonField,
  confirmation: formText,
})

/** Keeps the content of items for so many years from here on. */
export const retentionChange = organizationProcedure('organization:manage', { fresh: true })
  .input(input)
  .output(z.void())
  .mutation(({ ctx, input: { years, reason, confirmation } }) =>
    changeRetention(ctx.services, ctx.access, { years, reason, confirmation }),
  )
