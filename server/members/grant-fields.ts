import { calendarDay } from '../calendar-day.ts'
import type { Role } from '../domain/member/roles.ts'
import { AppError } from '../errors.ts'
import type { AskedGrant } from './settle-grant.ts'

/** An auditor's grant as a form sends it: days in UTC, `yyyy-mm-dd`; empty or absent where none was chosen. */
export interface GrantFields {
  periodFrom?: string | undefined
  periodTo?: string | undefined
  expiresAt?: string | undefined
  /** Bound to these, the grant has their period. */
  assessments?: readonly string[] | undefined
}

/**
 * Reads an auditor's grant. The last day of the period and the last day of access count whole. Other roles have none:
 * what their form sent along is left out.
 * @throws {AppError} bad_input by field
 */
export function readGrant(role: Role, fields: GrantFields, now: Date): AskedGrant | null {
  if (role !== 'auditor') return null
  const assessments = [...new Set(fields.assessments)].sort()
  const expiresAt = dayEnd(fields.expiresAt)
  const ends = 'Give the last day on which the auditor has access.'
  const isOver = expiresAt && expiresAt <= now
  const over = 'The last day of access must not lie in the past.'
  if (assessments.length > 0) {
    if (!expiresAt || isOver) throw refuse({ expiresAt: isOver ? over : ends })
    return { period: null, expiresAt, assessments }
  }
  const periodFrom = calendarDay(fields.periodFrom)
  const periodTo = dayEnd(fields.periodTo)
  if (!periodFrom || !periodTo || !expiresAt) {
    throw refuse({
      ...(periodFrom ? {} : { periodFrom: 'Give the first day that the auditor may see.' }),
      ...(periodTo ? {} : { periodTo: 'Give the last day that the auditor may see.' }),
      ...(expiresAt ? {} : { expiresAt: ends }),
    })
  }
  if (periodTo < periodFrom) throw refuse({ periodTo: 'The period must not end before it begins.' })
  if (isOver) throw refuse({ expiresAt: over })
  return { period: { from: periodFrom, to: periodTo }, expiresAt, assessments }
}

function dayEnd(text: string | undefined): Date | null {
  const start = calendarDay(text)
  return start && new Date(start.getTime() + 86_400_000 - 1)
}

const refuse = (fields: Record<string, string>) => new AppError('bad_input', 'grant refused', { fields })
