import { z } from 'zod'
import { listAdministrator } from '../../decisions/decide-accounts.ts'
import { reasonField } from '../decision-fields.ts'
import { subjectField } from '../evidence-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  subject: subjectField,
  isApproved: z.boolean(),
  reason: reasonField,
})

/** Puts an account on the list of approved administrators, or takes it off. */
export const accountsListAdministrator = organizationProcedure('accounts:decide')
  .input(input)
  .output(z.void())
  .mutation(({ ctx, input: { subject: subjectKey, isApproved, reason } }) =>
    listAdministrator(ctx.services, ctx.access, { subjectKey, isApproved, reason }),
  )
