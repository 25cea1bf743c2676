import { z } from 'zod'
import { showKeys } from '../../data-keys/show-keys.ts'
import { listOf } from '../coverage-schemas.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const dataKey = z.strictObject({
  version: z.int(),
  createdAt: z.date(),
  state: z.enum(['seals', 'being_replaced', 'retired']),
  /** False until the job has wrapped it anew. */
  isWrappedAsChosen: z.boolean(),
})

const output = z.strictObject({
  asOf: asOfOutput,
  /** What the key service sees with every call: a key's policy may ask for it. */
  organizationId: z.uuid(),
  /** The ARN of the key that the organization brought; null where the product's own wraps. */
  ownKmsKeyId: z.string().nullable(),
  /** Null for a moment of the past. */
  present: z
    .strictObject({
      dataKeys: listOf(dataKey),
      secrets: z.int(),
      /** Secrets that are still sealed under a data key before the newest. */
      secretsLeft: z.int(),
      obstacle: z.strictObject({ at: z.date(), explanation: z.string() }).nullable(),
    })
    .nullable(),
})

/** What the organization's secrets are sealed under. */
export const keysShow = organizationProcedure('organization:manage')
  .input(z.strictObject({ ...organizationInput, ...asOfInput }))
  .output(output)
  .query(({ ctx }) =>
    readAsOf(ctx, (transaction, asOf) =>
      showKeys(ctx.services, transaction, ctx.access.organizationId, asOf),
    ),
  )
