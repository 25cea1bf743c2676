import { z } from 'zod'
import { compareCheckpoint } from '../../audit/compare-checkpoint.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  note: z
    .string('Paste the checkpoint.')
    .min(1, 'Paste the checkpoint.')
    .max(20_000, 'This is longer than any checkpoint.'),
})

const output = z.strictObject({
  verdict: z.enum(['holds', 'malformed', 'foreign', 'unsigned', 'altered', 'shortened', 'rewritten']),
  title: z.string(),
  explanation: z.string(),
  kept: z
    .strictObject({ origin: z.string(), size: z.int(), root: z.string(), isSimulated: z.boolean() })
    .nullable(),
  now: z.strictObject({ size: z.int(), root: z.string() }),
  hashes: z.array(z.string()),
})

/** Whether the log, as it is now, continues a checkpoint that a reader kept. */
export const ledgerCompareCheckpoint = organizationProcedure('ledger:read')
  .input(input)
  .output(output)
  .query(({ ctx: { services, access }, input: { note } }) =>
    services.database.withOrganization(access.organizationId, transaction =>
      compareCheckpoint(transaction, access.organizationId, note),
    ),
  )
