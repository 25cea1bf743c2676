import { z } from 'zod'
import { subscribeByMail } from '../../subscriptions/subscribe.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'
import { cadenceField } from '../webhook-fields.ts'

/** Sends the caller new checkpoints by e-mail from now on. */
export const subscriptionsSubscribe = organizationProcedure('checkpoints:subscribe')
  .input(z.strictObject({ ...organizationInput, cadence: cadenceField }))
  .output(z.void())
  .mutation(({ ctx, input: { cadence } }) => subscribeByMail(ctx.services, ctx.access, cadence))
