import { z } from 'zod'
import { getEvent } from '../../audit/get-event.ts'
import { periodStart } from '../../members/auditor-period.ts'
import { eventOutput, positionField } from '../event-fields.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const output = z.strictObject({
  asOf: asOfOutput,
  event: eventOutput,
  eventId: z.uuid(),
  schemaVersion: z.int(),
  canonicalPayload: z.string(),
  payloadSha256: z.string(),
  envelope: z.string(),
  computedLeafHash: z.string(),
  isIntact: z.boolean(),
  previousInStream: z.int().nullable(),
  nextInStream: z.int().nullable(),
  newestPosition: z.int(),
  oldestPosition: z.int(),
})

/** One event with the leaf that stands for it in the log. */
export const ledgerEvent = organizationProcedure('ledger:read')
  .input(
    z.strictObject({
      ...organizationInput,
      ...asOfInput,
      position: positionField,
    }),
  )
  .output(output)
  .query(({ ctx, input: { position } }) =>
    readAsOf(ctx, async (transaction, asOf) => {
      const { access, services } = ctx
      const start = await periodStart(transaction, access)
      return getEvent(services, transaction, access.organizationId, asOf, { position, start })
    }),
  )
