import { z } from 'zod'
import { longestReason } from '../domain/decision-text.ts'
import { retentionYears } from '../domain/retention/window.ts'

const { least, most } = retentionYears
const words = `Give whole years, from ${least} to ${most}.`

/** How many years, as a form or an address sends it. */
export const yearsField = z.coerce.number(words).int(words).min(least, words).max(most, words)

/** A reason that is kept for ever in an event: one line. */
export const reasonField = z
  .string()
  .trim()
  .max(longestReason, `At most ${longestReason} characters.`)
  .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u, 'Use letters, digits and punctuation on one line.')
