import { z } from 'zod'
import { reasonText } from '../decision-text.ts'
import { exceptionSubjectSchema } from './subject.ts'

export const exceptionRequested = z.strictObject({
  exceptionId: z.uuid(),
  controlId: z.string(),
  /** The directory that it is for. */
  sourceId: z.uuid(),
  subject: exceptionSubjectSchema,
  reason: reasonText,
  /** Who answers for it while it stands. */
  ownerId: z.uuid(),
  requestedBy: z.uuid(),
  expiresAt: z.iso.datetime(),
})

const settled = { exceptionId: z.uuid(), decidedBy: z.uuid(), reason: reasonText }

export const exceptionApproved = z.strictObject(settled)
export const exceptionRejected = z.strictObject(settled)
export const exceptionWithdrawn = z.strictObject(settled)
