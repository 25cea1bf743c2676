import { z } from 'zod'
import { testMail } from '../../alerts/test-mail.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

/** Sends the caller a test mail and says what came of it. */
export const alertsTestMail = organizationProcedure('alerts:receive')
  .input(z.strictObject(organizationInput))
  .output(z.strictObject({ isDelivered: z.boolean(), explanation: z.string().nullable() }))
  .mutation(({ ctx }) => testMail(ctx.services, ctx.access))
