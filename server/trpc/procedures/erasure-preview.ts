import { z } from 'zod'
import { previewErasure } from '../../retention/show-erasures.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const output = z.strictObject({
  subjectKey: z.guid(),
  /** What is typed to confirm. */
  word: z.string(),
  /** Items whose content would go. */
  removed: z.int(),
  /** Items whose content stays, by the assessment that holds it. */
  kept: z.array(z.strictObject({ assessmentId: z.uuid(), title: z.string().nullable(), count: z.int() })),
})

/** What erasing a person would remove, and what stays. */
export const erasurePreview = organizationProcedure('organization:manage')
  .input(z.strictObject({ ...organizationInput, subject: z.guid() }))
  .output(output)
  .query(({ ctx: { access, services }, input: { subject } }) =>
    services.database.withSnapshot(access.organizationId, transaction =>
      previewErasure(transaction, access.organizationId, subject),
    ),
  )
