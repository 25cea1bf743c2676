import { z } from 'zod'
import { readInstant } from './as-of.ts'

/** A date or a date and time as a form sends it; without a zone it is UTC. Empty is absent. */
export const instantField = z
  .string()
  .max(40)
  .optional()
  .transform((text, context) => {
    if (text === undefined || text === '') return undefined
    const instant = readInstant(text)
    if (instant) return instant
    context.addIssue({ code: 'custom', message: 'Give a date and time such as 2026-11-15T06:00.' })
    return z.NEVER
  })
