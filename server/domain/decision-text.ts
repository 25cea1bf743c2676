import { z } from 'zod'

/** Why somebody decided something, in their own words: it stays in the log for ever. */
export const reasonText = z.string().min(1).max(1_000)

/** Longest text that a form takes as a reason. */
export const longestReason = 1_000
