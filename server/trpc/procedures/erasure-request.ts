import { z } from 'zod'
import { erasePerson } from '../../retention/erase-person.ts'
import { formText } from '../connection-fields.ts'
import { reasonField } from '../retention-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  subject: z.guid(),
  reason: reasonField,
  confirmation: formText,
})

/** Erases one person: what names them goes for good, and is not stored again. */
export const erasureRequest = organizationProcedure('organization:manage', { fresh: true })
  .input(input)
  .output(z.void())
  .mutation(({ ctx, input: { subject, reason, confirmation } }) =>
    erasePerson(ctx.services, ctx.access, { subjectKey: subject, reason, confirmation }),
  )
