import type { EvidenceKind } from '../../../domain/evidence/kinds.ts'
import { conditionalAccessPoliciesRead } from './conditional-access-policies.ts'
import { mfaRegistrationRead } from './mfa-registration.ts'
import type { EntraRead } from './read.ts'
import { riskySignInsRead } from './risky-sign-ins.ts'
import { riskyUsersRead } from './risky-users.ts'
import { securityDefaultsRead } from './security-defaults.ts'
import { signInActivityRead } from './sign-in-activity.ts'
import { userInventoryRead } from './user-inventory.ts'

/** Every kind that this connector reads; a run reads those that it is due to in this order. */
export const entraReads: readonly EntraRead[] = [
  userInventoryRead,
  mfaRegistrationRead,
  securityDefaultsRead,
  conditionalAccessPoliciesRead,
  riskyUsersRead,
  riskySignInsRead,
  signInActivityRead,
]

/** @throws {Error} for a kind that this connector does not read. */
export function readOf(kind: EvidenceKind): EntraRead {
  const read = entraReads.find(candidate => candidate.kind === kind)
  if (!read) throw new Error(`the Entra connector does not read ${kind}`)
  return read
}
