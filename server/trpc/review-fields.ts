import { z } from 'zod'
import { plain } from './decision-fields.ts'

/** Who said of something that it was looked at, and when. */
export const reviewedFields = {
  at: z.date(),
  /** The instant that counts. */
  doneAt: z.date(),
  byName: z.string(),
  note: z.string().nullable(),
}

/** A note as a form sends it; the use case says where it is too long. */
export const noteField = z.string().max(4_000).transform(plain).default('')
