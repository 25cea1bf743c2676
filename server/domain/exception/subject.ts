import { z } from 'zod'
import { elementKinds } from '../control/rules/policy-scope.ts'

/**
 * What an exception is about: an account by its subject key, something that policies exclude by the kind and id that the
 * rules give it (user, group, role, guest type, app, platform, location …), a policy's client apps, or everything that a
 * rule names with one reason, by the reason's code.
 */
export const exceptionSubjectKinds = ['account', ...elementKinds, 'client_type', 'reason'] as const

export const exceptionSubjectSchema = z.strictObject({
  kind: z.enum(exceptionSubjectKinds),
  id: z.string().min(1).max(2_000),
})
export type ExceptionSubject = z.infer<typeof exceptionSubjectSchema>

export const subjectText = ({ kind, id }: ExceptionSubject): string => `${kind}:${id}`
