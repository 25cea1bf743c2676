import type { Role } from '../types.ts'
import { sendGraphError } from './errors.ts'
import type { GraphCall } from './respond.ts'

/**
 * Refuses as Graph does when scope, licence or role are missing; true when the call may go on. Texts are those
 * documented or observed; the role text of reports is observed, the one of policies and risk is assumed.
 */
export function mayRead(
  call: GraphCall,
  role: Role,
  needs: {
    scope: string
    service: 'reports' | 'policies' | 'risk'
    licence?: 'P1' | 'P2'
    needsRole?: boolean
  },
): boolean {
  const { res, scopes, tenant } = call
  if (!scopes.has(needs.scope.toLowerCase())) {
    if (needs.service === 'reports') {
      sendGraphError(
        res,
        403,
        'Authentication_MSGraphPermissionMissing',
        `Calling principal does not have required MSGraph permissions ${needs.scope}`,
      )
    } else {
      sendGraphError(
        res,
        403,
        'AccessDenied',
        'You cannot perform the requested operation, required scopes are missing in the token.',
      )
    }
    return false
  }
  if (needs.licence && !covers(tenant.licence(), needs.licence)) {
    if (needs.service === 'reports') {
      sendGraphError(
        res,
        403,
        'Authentication_RequestFromNonPremiumTenantOrB2CTenant',
        "Neither tenant is B2C or tenant doesn't have premium license",
      )
    } else {
      sendGraphError(res, 403, 'Forbidden', 'Your tenant is not licensed for this feature.')
    }
    return false
  }
  if (needs.needsRole !== false && role === 'none') {
    if (needs.service === 'reports') {
      sendGraphError(
        res,
        403,
        'Authentication_RequestFromUnsupportedUserRole',
        'User is not in the allowed roles',
      )
    } else {
      sendGraphError(
        res,
        403,
        'Authorization_RequestDenied',
        'Insufficient privileges to complete the operation.',
      )
    }
    return false
  }
  return true
}

export function covers(has: 'none' | 'P1' | 'P2', needs: 'P1' | 'P2'): boolean {
  return has === 'P2' || has === needs
}
