import { z } from 'zod'
import { listControls } from '../../coverage/list-controls.ts'
import { listedControlOutput, listOf, waitingControlOutput } from '../coverage-schemas.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({ ...organizationInput, ...asOfInput })

const output = z.strictObject({
  asOf: asOfOutput,
  percent: z.number(),
  criteria: listOf(
    z.strictObject({
      criterion: z.string(),
      name: z.string(),
      /** Null where no control of the criterion can be judged yet. */
      percent: z.number().nullable(),
      controls: listOf(listedControlOutput),
      waiting: listOf(waitingControlOutput),
    }),
  ),
})

/** Every control with its verdict, by criterion. */
export const controlList = organizationProcedure('coverage:read')
  .input(input)
  .output(output)
  .query(({ ctx }) =>
    readAsOf(ctx, (transaction, asOf) =>
      listControls(transaction, ctx.access.organizationId, asOf, ctx.services.connectors),
    ),
  )
