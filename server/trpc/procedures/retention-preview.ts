import { z } from 'zod'
import { previewRetention } from '../../retention/show-retention.ts'
import { yearsField } from '../retention-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const output = z.strictObject({
  years: z.int(),
  /** Memberships that ended before this instant are past the window. */
  before: z.date(),
  removed: z.int(),
  /** Past it as well, and kept by approved assessments. */
  kept: z.int(),
})

/** What the next purge would remove under another window, before anybody confirms it. */
export const retentionPreview = organizationProcedure('organization:manage')
  .input(z.strictObject({ ...organizationInput, years: yearsField }))
  .output(output)
  .query(({ ctx: { access, services }, input: { years } }) =>
    services.database.withSnapshot(access.organizationId, async transaction => ({
      years,
      ...(await previewRetention(transaction, access.organizationId, { now: services.clock.now(), years })),
    })),
  )
