import { type Grant, type Role, roles } from '../domain/member/roles.ts'
import { AppError } from '../errors.ts'

/** An auditor's grant as instants. */
export interface AccessGrant {
  periodFrom: Date
  periodTo: Date
  expiresAt: Date
  /** What it is bound to; none where it is bound to its period alone. */
  assessments: readonly string[]
}

interface GrantColumns {
  periodFrom: Date | null
  periodTo: Date | null
  expiresAt: Date | null
  assessments: readonly string[]
}

/** The grant of a row; null where the role has none. */
export function grantOf({ periodFrom, periodTo, expiresAt, assessments }: GrantColumns): AccessGrant | null {
  return periodFrom && periodTo && expiresAt ? { periodFrom, periodTo, expiresAt, assessments } : null
}

/** The role of a row. @throws {AppError} internal for a role that no code knows */
export function roleOf(text: string): Role {
  const role = roles.find(role => role === text)
  if (!role) throw new AppError('internal', `unknown role ${text}`)
  return role
}

/** As events and commands carry it: ISO 8601. */
export const toGrant = (grant: AccessGrant | null): Grant | null =>
  grant && {
    periodFrom: grant.periodFrom.toISOString(),
    periodTo: grant.periodTo.toISOString(),
    expiresAt: grant.expiresAt.toISOString(),
    assessments: [...grant.assessments],
  }
