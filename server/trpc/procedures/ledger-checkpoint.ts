import { z } from 'zod'
import { checkpointFile } from '../../audit/list-checkpoints.ts'
import { checkpointSizeField } from '../event-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

/** One signed checkpoint as a file to keep: C2SP tlog-checkpoint. */
export const ledgerCheckpoint = organizationProcedure('ledger:read')
  .input(z.strictObject({ ...organizationInput, size: checkpointSizeField }))
  .output(
    z.strictObject({
      /** Letters, digits, dots and hyphens only: it goes into a header. */
      filename: z.string().regex(/^[\w.-]+$/),
      note: z.string(),
    }),
  )
  .query(({ ctx: { services, access }, input: { size } }) =>
    services.database.withOrganization(access.organizationId, transaction =>
      checkpointFile(transaction, access, size),
    ),
  )
