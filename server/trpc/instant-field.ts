import { z } from 'zod'

const pattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/

/** A date or a date and time as a form sends it; without a zone it is UTC. Empty is absent. */
export const instantField = z
  .string()
  .max(40)
  .optional()
  .transform((text, context) => {
    if (text === undefined || text === '') return undefined
    const isLocal = text.includes('T') && !/(Z|[+-]\d{2}:\d{2})$/.test(text)
    const instant = pattern.test(text) ? new Date(isLocal ? `${text}Z` : text) : null
    if (instant && !Number.isNaN(instant.getTime())) return instant
    context.addIssue({ code: 'custom', message: 'Give a date and time such as 2026-11-15T06:00.' })
    return z.NEVER
  })
