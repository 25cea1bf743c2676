import { z } from 'zod'
import { reasonText } from '../decision-text.ts'
import { accountClasses } from './class.ts'

const account = {
  /** The directory that the account is in. */
  sourceId: z.uuid(),
  subjectKey: z.guid(),
}

export const accountClassDeclared = z.strictObject({
  ...account,
  class: z.enum(accountClasses),
  /** Who answers for the account. */
  ownerId: z.uuid(),
  reason: reasonText,
  /** Null where the declaration holds until it is withdrawn. */
  expiresAt: z.iso.datetime().nullable(),
})

export const accountClassWithdrawn = z.strictObject({ ...account, reason: reasonText })

export const administratorApproved = z.strictObject({ ...account, reason: reasonText })

export const administratorWithdrawn = z.strictObject({ ...account, reason: reasonText })
