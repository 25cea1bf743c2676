import { z } from 'zod'
import { listAdministrators } from '../../decisions/list-administrators.ts'
import { listOf } from '../coverage-schemas.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const output = z.strictObject({
  asOf: asOfOutput,
  administrators: listOf(
    z.strictObject({
      subjectKey: z.guid(),
      sourceId: z.uuid(),
      name: z.string().nullable(),
      login: z.string().nullable(),
      reason: z.string(),
      since: z.date(),
      byName: z.string(),
    }),
  ),
})

/** Who is on the list of approved administrators. */
export const accountsAdministrators = organizationProcedure('coverage:read')
  .input(z.strictObject({ ...organizationInput, ...asOfInput }))
  .output(output)
  .query(({ ctx }) =>
    readAsOf(ctx, async (transaction, { position }) => ({
      administrators: await listAdministrators(
        ctx.services,
        transaction,
        ctx.access.organizationId,
        position,
      ),
    })),
  )
