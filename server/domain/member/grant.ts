import { DomainRefusal } from '../refusal.ts'
import type { Grant, Role } from './roles.ts'

/** Auditors have a period and an end of access, nobody else does. @throws {DomainRefusal} */
export function checkGrant(role: Role, grant: Grant | null, now: string): void {
  if (role !== 'auditor') {
    if (grant)
      throw new DomainRefusal('grant_without_auditor', 'Only an auditor’s access is bound to a period.')
    return
  }
  if (!grant) {
    throw new DomainRefusal(
      'auditor_without_grant',
      'An auditor needs a period to look at and an end of access.',
    )
  }
  if (Date.parse(grant.periodFrom) >= Date.parse(grant.periodTo)) {
    throw new DomainRefusal('empty_period', 'The period must end after it begins.')
  }
  if (Date.parse(grant.expiresAt) <= Date.parse(now)) {
    throw new DomainRefusal('access_over', 'The end of access must lie in the future.')
  }
}
