import { z } from 'zod'
import { exceptionStates } from '../domain/exception/exceptions-at.ts'
import { exceptionSubjectSchema } from '../domain/exception/subject.ts'
import { listOf } from './coverage-schemas.ts'

/** What decisions by people have in common, in and out. */

/** What people type has no control characters nor halves of a character, and the database takes neither. */
export const plain = (text: string) => text.replace(/[\p{Cc}\p{Cs}]/gu, ' ').trim()

/** A reason as a form sends it; the use case says what it lacks. */
export const reasonField = z.string().max(4_000).transform(plain)

/** The directory's id of something, or the name that its policies have for it. */
export const subjectIdField = z
  .string()
  .max(2_000)
  .transform(plain)
  .refine(text => text !== '', 'Say what the exception is for.')

/** A control by which a list is filtered. */
export const controlFilter = z.string().regex(/^[A-Z]{2,4}-\d{2,3}$/, 'This is no control.')

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
