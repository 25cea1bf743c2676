import { z } from 'zod'
import { reasonText } from '../decision-text.ts'

/** A person asked to be erased: what names them goes, and is not stored again while this holds. */
export const erasureRequested = z.strictObject({
  /** The directory's own id of the person. */
  subjectKey: z.guid(),
  reason: reasonText,
})

/** Everything that named the person is gone but for what approved assessments hold. */
export const erasureCompleted = z.strictObject({
  subjectKey: z.guid(),
  removed: z.int().nonnegative(),
  kept: z.int().nonnegative(),
})

/** From here on the person is stored by name again. */
export const erasureLifted = z.strictObject({ subjectKey: z.guid(), reason: reasonText })
