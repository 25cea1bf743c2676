import { z } from 'zod'
import { chooseMail } from '../../alerts/choose-alerts.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'
import { causesField } from '../webhook-fields.ts'

/** Sends the caller alerts of these causes by e-mail from now on; of none, no more. */
export const alertsChooseMail = organizationProcedure('alerts:receive')
  .input(z.strictObject({ ...organizationInput, causes: causesField }))
  .output(z.void())
  .mutation(({ ctx, input: { causes } }) => chooseMail(ctx.services, ctx.access, causes))
