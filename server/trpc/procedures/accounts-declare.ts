import { z } from 'zod'
import { declareClass } from '../../decisions/decide-accounts.ts'
import { declarableClasses } from '../../domain/account/declaration.ts'
import { dayField, reasonField } from '../decision-fields.ts'
import { subjectField } from '../evidence-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  subject: subjectField,
  class: z.enum(declarableClasses, 'Choose a class.'),
  ownerId: z.uuid('Choose who answers for the account.'),
  reason: reasonField,
  expiresOn: dayField,
})

/** Declares what an account is. */
export const accountsDeclare = organizationProcedure('accounts:decide')
  .input(input)
  .output(z.void())
  .mutation(({ ctx, input: { organization: _, subject: subjectKey, ...declaration } }) =>
    declareClass(ctx.services, ctx.access, { ...declaration, subjectKey }),
  )
