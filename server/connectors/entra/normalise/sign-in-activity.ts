import { z } from 'zod'
import type { SignInActivityItem } from '../../../domain/evidence/items.ts'
import type { NormalisedItem } from '../../contract.ts'
import { subjectKeyOf } from './subject-key.ts'
import { idText, instantOf, optionalText } from './values.ts'

export const signInActivityRowSchema = z.object({
  id: idText,
  signInActivity: z
    .object({ lastSuccessfulSignInDateTime: optionalText, lastSignInDateTime: optionalText })
    .nullish(),
})

/**
 * An account without the property was never seen, nor was one whose dates are empty or of the year 1 (Graph
 * `signInActivity`). The last sign-in counts failed attempts, hence both.
 */
export function normaliseSignInActivity(row: z.infer<typeof signInActivityRowSchema>): NormalisedItem {
  const item: SignInActivityItem = {
    id: row.id,
    lastSuccessfulSignInDateTime: instantOf(row.signInActivity?.lastSuccessfulSignInDateTime),
    lastSignInDateTime: instantOf(row.signInActivity?.lastSignInDateTime),
  }
  return { subjectKey: subjectKeyOf(row.id), item }
}
