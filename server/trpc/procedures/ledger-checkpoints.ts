import { z } from 'zod'
import { checkpointPage } from '../../audit/list-checkpoints.ts'
import { checkpointSizeField } from '../event-fields.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const output = z.strictObject({
  asOf: asOfOutput,
  origin: z.string().nullable(),
  isSimulated: z.boolean(),
  size: z.int(),
  checkpoints: z.array(
    z.strictObject({
      size: z.int(),
      root: z.string(),
      keyId: z.string(),
      signedAt: z.date(),
      note: z.string(),
    }),
  ),
  next: z.int().nullable(),
  keys: z.array(
    z.strictObject({
      keyId: z.string(),
      algorithm: z.enum(['ed25519', 'ecdsa-p256']),
      verifierKey: z.string(),
      pem: z.string().nullable(),
      position: z.int(),
      adoptedAt: z.date(),
    }),
  ),
})

/** The signed checkpoints of the log, newest first, and the keys that signed them. They hold hashes only. */
export const ledgerCheckpoints = organizationProcedure('ledger:read')
  .input(z.strictObject({ ...organizationInput, ...asOfInput, before: checkpointSizeField.optional() }))
  .output(output)
  .query(({ ctx, input: { before } }) =>
    readAsOf(ctx, (transaction, asOf) =>
      checkpointPage(transaction, ctx.access.organizationId, asOf, { before }),
    ),
  )
