import { z } from 'zod'
import { asOfOutput } from './read-as-of.ts'

/** A table as a file to save. */
export const fileOutput = z.strictObject({
  asOf: asOfOutput,
  /** Letters, digits, dots and hyphens only: it goes into a header. */
  filename: z.string().regex(/^[\w.-]+$/),
  /** The file piece by piece. Over HTTP as JSON it says nothing: the download is a page's. */
  pieces: z.custom<AsyncIterable<string>>(),
})
