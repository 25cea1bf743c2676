import { z } from 'zod'
import { liftErasure } from '../../retention/erase-person.ts'
import { reasonField } from '../retention-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

/** Lets a person who was erased be stored by name again, from the next sync on. */
export const erasureLift = organizationProcedure('organization:manage')
  .input(z.strictObject({ ...organizationInput, subject: z.guid(), reason: reasonField }))
  .output(z.void())
  .mutation(({ ctx, input: { subject, reason } }) =>
    liftErasure(ctx.services, ctx.access, { subjectKey: subject, reason }),
  )
