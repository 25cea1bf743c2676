import { z } from 'zod'
import { unsubscribe } from '../../subscriptions/subscribe.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

/** Ends a subscription to checkpoints. */
export const subscriptionsEnd = organizationProcedure('checkpoints:subscribe')
  .input(z.strictObject({ ...organizationInput, subscriptionId: z.uuid() }))
  .output(z.void())
  .mutation(({ ctx, input: { subscriptionId } }) => unsubscribe(ctx.services, ctx.access, subscriptionId))
