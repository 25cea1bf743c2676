import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerWithFault } from '../faults.ts'
import type { Sessions } from '../login/sessions.ts'
import type { Tenant } from '../tenant.ts'
import type { Clock } from '../types.ts'
import { sendGraphError, sendThrottled } from './errors.ts'
import { readingBegan } from './query.ts'
import {
  listPolicies,
  listRegistrationDetails,
  listRiskyUsers,
  listSignIns,
  readSecurityDefaults,
} from './reports.ts'
import type { GraphCall } from './respond.ts'
import { createThrottle } from './throttle.ts'
import { countUsers, listUsers } from './users.ts'

/** Serves `/v1.0/…` of every tenant; the access token says which one. */
export function createGraph(options: {
  clock: Clock
  sessions: Sessions
  tenants: Map<string, Tenant>
  isThrottling: () => boolean
}) {
  const { clock, sessions, tenants, isThrottling } = options
  const judge = createThrottle(clock)

  return function handleGraph(req: IncomingMessage, res: ServerResponse, url: URL): void {
    const token = /^Bearer (\S+)$/i.exec(req.headers.authorization ?? '')?.[1]
    const session = token === undefined ? undefined : sessions.findAccess(token)
    const tenant = session && tenants.get(session.tenantId)
    if (!session || !tenant) {
      const isEmpty = token === undefined
      sendUnauthorized(
        res,
        isEmpty ? 'Access token is empty.' : 'CompactToken parsing failed with error code: 80049217',
      )
      return
    }
    tenant.catchUp()
    tenant.logRequest(req, res, url.pathname + url.search)
    const now = clock.now()
    const fault = tenant.faults.take(url.pathname + decodeURIComponent(url.search), 'graph')
    if (fault && answerWithFault(fault, req, res)) return
    const { account, user } = tenant.account(session.accountId) ?? {}
    const isRevoked = !user?.accountEnabled || session.issuedAt < tenant.sessionsValidFrom().getTime()
    if (session.expiresAt <= now.getTime()) {
      sendUnauthorized(res, 'Lifetime validation failed, the token is expired.')
    } else if (!account || isRevoked) {
      sendUnauthorized(res, 'Access token validation failure. The session was revoked.')
    } else {
      const refusal = isThrottling() ? judge(tenant, session.clientId, url.pathname, url.searchParams) : null
      if (refusal) {
        sendThrottled(res, refusal.retryAfterSeconds)
        return
      }
      const production = new URL(url.pathname + url.search, tenant.hosts.graph)
      const scopes = new Set(session.scopes.map(scope => scope.toLowerCase()))
      const call = { req, res, url: production, tenant, now: readingBegan(production) ?? now, fault, scopes }
      dispatch(call, account.role, user?.userType === 'Guest')
    }
  }
}

function sendUnauthorized(res: ServerResponse, message: string): void {
  sendGraphError(res, 401, 'InvalidAuthenticationToken', message, {
    'www-authenticate':
      'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"',
  })
}

function dispatch(
  call: GraphCall,
  role: 'global-administrator' | 'security-reader' | 'none',
  isGuest: boolean,
): void {
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
    sendGraphError(
      call.res,
      404,
      'ResourceNotFound',
      `Resource not found for the segment '${path.split('/').at(-1)}'.`,
    )
  } else if (call.req.method !== 'GET') {
    sendGraphError(call.res, 405, 'MethodNotAllowed', 'This stand-in is read-only.', { allow: 'GET' })
  } else handler()
}
