import type { StatusValue } from '../ui/status.tsx'
import type { ExceptionData } from './answers.ts'

/** How the standing of an exception is shown. */
export const EXCEPTION_STATES: Record<ExceptionData['state'], { value: StatusValue; word: string }> = {
  waiting: { value: 'submitted', word: 'Waits for approval' },
  in_force: { value: 'approved', word: 'In force' },
  rejected: { value: 'rejected', word: 'Rejected' },
  withdrawn: { value: 'revoked', word: 'Withdrawn' },
  expired: { value: 'expired', word: 'Expired' },
}
