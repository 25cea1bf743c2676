import { z } from 'zod'
import { withdrawClass } from '../../decisions/decide-accounts.ts'
import { reasonField } from '../decision-fields.ts'
import { subjectField } from '../evidence-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({ ...organizationInput, subject: subjectField, reason: reasonField })

/** Takes the declaration of an account's class back. */
export const accountsWithdraw = organizationProcedure('accounts:decide')
  .input(input)
  .output(z.void())
  .mutation(({ ctx, input: { subject: subjectKey, reason } }) =>
    withdrawClass(ctx.services, ctx.access, { subjectKey, reason }),
  )
