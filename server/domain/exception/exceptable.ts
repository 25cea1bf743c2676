import type { Reason } from '../control/judgement.ts'
import { type ExceptionSubject, exceptionSubjectSchema } from './subject.ts'

/**
 * What an exception from a failing reason would be for: an exclusion by what is excluded, anything else as a whole. Null
 * where accounts are excepted one by one, and where nothing fails.
 */
export function exceptableOf({ code, verdict, subjects, detail }: Reason): ExceptionSubject | null {
  if (verdict !== 'fail') return null
  const excluded = exceptionSubjectSchema.safeParse({ kind: detail.exclusionKind, id: detail.exclusionId })
  if (excluded.success) return excluded.data
  return subjects.length > 0 ? null : { kind: 'reason', id: code }
}
