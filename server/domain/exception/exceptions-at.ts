import type { ExceptionSubject } from './subject.ts'

/** What was said of one exception so far, without a look at the time. */
export interface ExceptionRecord {
  readonly exceptionId: string
  readonly controlId: string
  /** An exception is for one directory. */
  readonly sourceId: string
  readonly subject: ExceptionSubject
  readonly decision: 'requested' | 'approved' | 'rejected' | 'withdrawn'
  readonly expiresAt: Date
}

export const exceptionStates = ['waiting', 'in_force', 'rejected', 'withdrawn', 'expired'] as const
export type ExceptionState = (typeof exceptionStates)[number]

/**
 * Where exceptions stand at an instant: the one place that says so, for verdicts, pages and exports alike. At the
 * instant of its expiry an exception counts no more, approved or still waiting.
 */
export function exceptionsAt<E extends Pick<ExceptionRecord, 'decision' | 'expiresAt'>>(
  records: readonly E[],
  at: Date,
): (E & { readonly state: ExceptionState })[] {
  return records.map(record => ({ ...record, state: stateAt(record, at) }))
}

function stateAt(
  { decision, expiresAt }: Pick<ExceptionRecord, 'decision' | 'expiresAt'>,
  at: Date,
): ExceptionState {
  if (decision === 'rejected' || decision === 'withdrawn') return decision
  if (expiresAt <= at) return 'expired'
  return decision === 'approved' ? 'in_force' : 'waiting'
}
