import { registrationDetailsOf } from '../directory/registration.ts'
import { riskyUsersAt } from '../directory/risk.ts'
import { signIns } from '../directory/sign-ins.ts'
import type { Role } from '../types.ts'
import { covers, mayRead } from './access.ts'
import { sendGraphError } from './errors.ts'
import { parseSignInFilter, readSkip, readTop, selected, skipTokenAt } from './query.ts'
import { type GraphCall, sendJson, sendPage } from './respond.ts'
import { collectUsers } from './users.ts'

/** GET /reports/authenticationMethods/userRegistrationDetails */
export function listRegistrationDetails(call: GraphCall, role: Role): void {
  if (!mayRead(call, role, { scope: 'AuditLog.Read.All', service: 'reports', licence: 'P1' })) return
  const top = readTop(call, 999, 999)
  const skip = top === null ? null : readSkip(call)
  if (top === null || skip === null) return
  const { rows, next } = collectUsers(call, skip, top, user => registrationDetailsOf(user, call.now))
  sendPage(call, 'reports/authenticationMethods/userRegistrationDetails', selected(call.url, rows), {
    skipToken: next === null ? undefined : skipTokenAt(call, next),
  })
}

/** GET /policies/identitySecurityDefaultsEnforcementPolicy */
export function readSecurityDefaults(call: GraphCall, role: Role): void {
  if (!mayRead(call, role, { scope: 'Policy.Read.All', service: 'policies', needsRole: false })) return
  sendJson(call, {
    '@odata.context': `${call.tenant.hosts.graph}/v1.0/$metadata#policies/identitySecurityDefaultsEnforcementPolicy/$entity`,
    id: '00000000-0000-0000-0000-000000000005',
    deletedDateTime: null,
    displayName: 'Security Defaults',
    description:
      'Security defaults is a set of basic identity security mechanisms recommended by Microsoft. When enabled, these recommendations will be automatically enforced in your organization.',
    isEnabled: call.tenant.isSecurityDefaultsEnabled(),
  })
}

/** GET /identity/conditionalAccess/policies */
export function listPolicies(call: GraphCall, role: Role): void {
  const refuses = call.tenant.spec.policiesWithoutLicence === 'forbidden'
  if (
    !mayRead(call, role, {
      scope: 'Policy.Read.All',
      service: 'policies',
      ...(refuses ? { licence: 'P1' } : {}),
    })
  )
    return
  const all = covers(call.tenant.licence(), 'P1') ? call.tenant.policies(call.now) : []
  sendSlice(call, 'identity/conditionalAccess/policies', all, 999, 999)
}

/** GET /identityProtection/riskyUsers, which 21Vianet does not have. */
export function listRiskyUsers(call: GraphCall, role: Role): void {
  if (call.tenant.spec.cloud === 'china') {
    sendGraphError(call.res, 404, 'ResourceNotFound', "Resource not found for the segment 'riskyUsers'.")
    return
  }
  if (!mayRead(call, role, { scope: 'IdentityRiskyUser.Read.All', service: 'risk', licence: 'P2' })) return
  const { directory, since, spec } = call.tenant
  sendSlice(
    call,
    'identityProtection/riskyUsers',
    riskyUsersAt({ ...spec, since }, directory, call.now),
    500,
    20,
  )
}

/** GET /auditLogs/signIns with the filters that v1.0 takes. */
export function listSignIns(call: GraphCall, role: Role): void {
  if (!mayRead(call, role, { scope: 'AuditLog.Read.All', service: 'reports', licence: 'P1' })) return
  const filter = parseSignInFilter(call.url.searchParams.get('$filter'), call.now)
  if (!filter) {
    sendGraphError(call.res, 400, 'Request_UnsupportedQuery', 'Unsupported filter clause.')
    return
  }
  const top = readTop(call, 1000, 1000)
  const skip = top === null ? null : readSkip(call)
  if (top === null || skip === null) return
  const { directory, since, spec } = call.tenant
  // Entra keeps 30 days of sign-ins.
  const from = new Date(Math.max(filter.from.getTime(), call.now.getTime() - 30 * 86_400_000))
  const hasRiskLevels = call.tenant.licence() === 'P2'
  const range = {
    ...filter,
    from,
    hasRiskLevels,
    lateArrivals: spec.lateArrivals ?? false,
    tenantId: call.tenant.id,
  }
  const rows: Record<string, unknown>[] = []
  let position = 0
  let hasMore = false
  for (const row of signIns({ ...spec, since }, directory, range, call.now)) {
    if (position >= skip + top) {
      hasMore = true
      break
    }
    if (position >= skip) rows.push(row)
    position += 1
  }
  sendPage(call, 'auditLogs/signIns', selected(call.url, rows), {
    skipToken: hasMore ? skipTokenAt(call, position) : undefined,
  })
}

function sendSlice(
  call: GraphCall,
  context: string,
  all: Record<string, unknown>[],
  max: number,
  fallback: number,
): void {
  const top = readTop(call, max, fallback)
  const skip = top === null ? null : readSkip(call)
  if (top === null || skip === null) return
  const end = skip + top
  sendPage(call, context, selected(call.url, all.slice(skip, end)), {
    skipToken: end < all.length ? skipTokenAt(call, end) : undefined,
    count: call.url.searchParams.get('$count') === 'true' ? all.length : undefined,
  })
}
