import { z } from 'zod'
import { acknowledgeAlert } from '../../alerts/acknowledge-alert.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

/** Says that the caller has seen an alert. */
export const alertsAcknowledge = organizationProcedure('alerts:acknowledge')
  .input(z.strictObject({ ...organizationInput, alertId: z.uuid() }))
  .output(z.void())
  .mutation(({ ctx, input: { alertId } }) => acknowledgeAlert(ctx.services, ctx.access, alertId))
