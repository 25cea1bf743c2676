import type { Role } from '../domain/member/roles.ts'
import { AppError } from '../errors.ts'
import type { AccessGrant } from './stored-role.ts'

/** An auditor's grant as a form sends it: days in UTC, `yyyy-mm-dd`; empty or absent where none was chosen. */
export interface GrantFields {
  periodFrom?: string | undefined
  periodTo?: string | undefined
  expiresAt?: string | undefined
}

/**
 * Reads an auditor's grant. The last day of the period and the last day of access count whole. Other roles have none:
 * what their form sent along is left out.
 * @throws {AppError} bad_input by field
 */
export function readGrant(role: Role, fields: GrantFields, now: Date): AccessGrant | null {
  if (role !== 'auditor') return null
  const periodFrom = dayStart(fields.periodFrom)
  const periodTo = dayEnd(fields.periodTo)
  const expiresAt = dayEnd(fields.expiresAt)
  if (!periodFrom || !periodTo || !expiresAt) {
    throw refuse({
      ...(periodFrom ? {} : { periodFrom: 'Give the first day that the auditor may see.' }),
      ...(periodTo ? {} : { periodTo: 'Give the last day that the auditor may see.' }),
      ...(expiresAt ? {} : { expiresAt: 'Give the last day on which the auditor has access.' }),
    })
  }
  if (periodTo < periodFrom) throw refuse({ periodTo: 'The period must not end before it begins.' })
  if (expiresAt <= now) throw refuse({ expiresAt: 'The last day of access must not lie in the past.' })
  return { periodFrom, periodTo, expiresAt }
}

const dayStart = (day: string | undefined) => instant(day, 'T00:00:00.000Z')
const dayEnd = (day: string | undefined) => instant(day, 'T23:59:59.999Z')

function instant(day: string | undefined, time: string): Date | null {
  if (!day || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return null
  const date = new Date(`${day}${time}`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day) ? date : null
}

const refuse = (fields: Record<string, string>) => new AppError('bad_input', 'grant refused', { fields })
