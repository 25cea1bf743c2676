import { z } from 'zod'
import { showSettings } from '../../decisions/show-settings.ts'
import { controlIds, thresholdIds } from '../../domain/control/definition.ts'
import { listOf } from '../coverage-schemas.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const scope = {
  id: z.string(),
  title: z.string(),
  outOfScope: z.strictObject({ reason: z.string(), since: z.date(), byName: z.string() }).nullable(),
}

const output = z.strictObject({
  asOf: asOfOutput,
  catalogueVersion: z.int(),
  offeredVersion: z.int(),
  isSecondFactorRequired: z.boolean(),
  thresholds: listOf(
    z.strictObject({
      id: z.enum(thresholdIds),
      controlId: z.enum(controlIds),
      title: z.string(),
      default: z.int(),
      minimum: z.int(),
      maximum: z.int(),
      unit: z.enum(['days', 'hours', 'accounts']),
      value: z.int(),
      range: z.string(),
      set: z.strictObject({ byName: z.string(), at: z.date() }).nullable(),
    }),
  ),
  controls: listOf(z.strictObject(scope)),
  sources: listOf(z.strictObject({ ...scope, isRevoked: z.boolean() })),
})

/** What the organization set of its rules: thresholds, and what counts for coverage. */
export const settingsGet = organizationProcedure('coverage:read')
  .input(z.strictObject({ ...organizationInput, ...asOfInput }))
  .output(output)
  .query(({ ctx }) =>
    readAsOf(ctx, (transaction, asOf) =>
      showSettings(ctx.services, transaction, ctx.access.organizationId, asOf),
    ),
  )
