import { z } from 'zod'
import { exceptionStates } from '../domain/exception/exceptions-at.ts'
import { exceptionSubjectSchema } from '../domain/exception/subject.ts'
import { listOf } from './coverage-schemas.ts'

/** What decisions by people have in common, in and out. */

/** A reason as a form sends it; the use case says what it lacks. */
export const reasonField = z.string().max(4_000)

/** A day as a form sends it, `yyyy-mm-dd`; empty where none was chosen. */
export const dayField = z.string().max(40).default('')

export const exceptionOutput = z.strictObject({
  exceptionId: z.uuid(),
  controlId: z.string(),
  sourceId: z.uuid(),
  subject: exceptionSubjectSchema,
  subjectWords: z.string(),
  reason: z.string(),
  ownerName: z.string(),
  requestedBy: z.uuid(),
  requestedByName: z.string(),
  requestedAt: z.date(),
  expiresAt: z.date(),
  state: z.enum(exceptionStates),
  decided: z.strictObject({ byName: z.string(), at: z.date(), reason: z.string() }).nullable(),
})

export const exceptionListOutput = listOf(exceptionOutput)
