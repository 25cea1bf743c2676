import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerWithFault } from '../faults.ts'
import type { Sessions } from '../login/sessions.ts'
import type { Tenant } from '../tenant.ts'
import type { Clock } from '../types.ts'
import { listPolicies, listRegistrationDetails, listRiskyUsers, listSignIns, readSecurityDefaults } from './reports.ts'
import { type GraphCall, sendGraphError } from './respond.ts'
import { createThrottle } from './throttle.ts'
import { countUsers, listUsers } from './users.ts'

/** Serves `/v1.0/…` of every tenant; the access token says which one. */
export function createGraph(options: { clock: Clock; sessions: Sessions; tenants: Map<string, Tenant>; enforceThrottles: boolean }) {
  const { clock, sessions, tenants } = options
  const throttles = new Map<string, ReturnType<typeof createThrottle>>()

  return function handleGraph(req: IncomingMessage, res: ServerResponse, url: URL): void {
    const token = /^Bearer (\S+)$/i.exec(req.headers.authorization ?? '')?.[1]
    const session = token === undefined ? undefined : sessions.findAccess(token)
    const tenant = session && tenants.get(session.tenantId)
    const fail = (message: string) =>
      sendGraphError(res, 401, 'InvalidAuthenticationToken', message, {
        'www-authenticate': 'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"',
      })
    if (token === undefined) return fail('Access token is empty.')
    if (!session || !tenant) return fail('CompactToken parsing failed with error code: 80049217')
    tenant.catchUp()
    const now = clock.now()
    tenant.logRequest(req, res, url.pathname + url.search)
    const fault = tenant.faults.take(url.pathname + decodeURIComponent(url.search), 'graph')
    if (fault && answerWithFault(fault, req, res, sendGraphError)) return
    if (session.expiresAt <= now.getTime()) return fail('Lifetime validation failed, the token is expired.')
    const { account, user } = tenant.account(session.accountId) ?? {}
    if (!account || !user?.accountEnabled || session.issuedAt < tenant.sessionsValidFrom().getTime()) {
      return fail('Access token validation failure. The session was revoked.')
    }
    if (options.enforceThrottles) {
      let judge = throttles.get(`${tenant.id} ${session.clientId}`)
      if (!judge) throttles.set(`${tenant.id} ${session.clientId}`, (judge = createThrottle(clock, tenant.spec.size)))
      const refusal = judge(url.pathname, url.searchParams)
      if (refusal) {
        const seconds = refusal.retryAfterSeconds
        sendGraphError(res, 429, 'TooManyRequests', 'Please retry again later.', seconds === null ? {} : { 'retry-after': String(seconds) })
        return
      }
    }
    const production = new URL(url.pathname + url.search, tenant.hosts.graph)
    const scopes = new Set(session.scopes.map(scope => scope.toLowerCase()))
    dispatch({ req, res, url: production, tenant, now, fault, scopes }, account.role, user.userType === 'Guest')
  }
}

function dispatch(call: GraphCall, role: 'global-administrator' | 'security-reader' | 'none', isGuest: boolean): void {
  const path = call.url.pathname.slice('/v1.0'.length)
  const handlers: Record<string, () => void> = {
    '/users': () => listUsers(call, role, isGuest),
    '/users/$count': () => countUsers(call, isGuest),
    '/reports/authenticationMethods/userRegistrationDetails': () => listRegistrationDetails(call, role),
    '/policies/identitySecurityDefaultsEnforcementPolicy': () => readSecurityDefaults(call, role),
    '/identity/conditionalAccess/policies': () => listPolicies(call, role),
    '/identityProtection/riskyUsers': () => listRiskyUsers(call, role),
    '/auditLogs/signIns': () => listSignIns(call, role),
  }
  const handler = handlers[path]
  if (!handler) {
    sendGraphError(call.res, 404, 'ResourceNotFound', `Resource not found for the segment '${path.split('/').at(-1)}'.`)
  } else if (call.req.method !== 'GET') {
    sendGraphError(call.res, 405, 'MethodNotAllowed', 'This stand-in is read-only.', { allow: 'GET' })
  } else handler()
}
