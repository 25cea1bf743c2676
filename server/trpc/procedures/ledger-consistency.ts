import { z } from 'zod'
import { getConsistency } from '../../audit/get-consistency.ts'
import { checkpointSizeField } from '../event-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const output = z.strictObject({
  firstSize: z.int(),
  secondSize: z.int(),
  firstRoot: z.string(),
  secondRoot: z.string(),
  hashes: z.array(z.string()),
  holds: z.boolean(),
})

/** That the log of one checkpoint is the beginning of the log of another, by their sizes. */
export const ledgerConsistency = organizationProcedure('ledger:read')
  .input(z.strictObject({ ...organizationInput, first: checkpointSizeField, second: checkpointSizeField }))
  .output(output)
  .query(({ ctx: { services, access }, input: { first, second } }) =>
    services.database.withOrganization(access.organizationId, transaction =>
      getConsistency(transaction, access.organizationId, { first, second }),
    ),
  )
