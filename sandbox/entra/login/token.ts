import { IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { decodeJwt, importJWK, type JWK, SignJWT } from 'jose'
import type Provider from 'oidc-provider'
import { answerWithFault } from '../faults.ts'
import type { App, Tenant } from '../tenant.ts'
import type { Clock } from '../types.ts'
import { type EntraError, entraErrors, sendTokenError, tokenErrorBody } from './errors.ts'
import type { Sessions } from './sessions.ts'

const idleLimit = 90 * 86_400_000
const protocolScopes = new Set(['openid', 'profile', 'email', 'offline_access'])

export interface TokenDesk {
  /** Judges a token request as Entra does, then hands what is left to the OpenID provider. */
  handle(req: IncomingMessage, res: ServerResponse, body: string): Promise<void>
}

/** The token endpoint of one tenant. */
export function createTokenDesk(options: {
  tenant: Tenant
  clock: Clock
  sessions: Sessions
  provider: Provider
  accessTokenSeconds: number
}): TokenDesk {
  const { tenant, clock, sessions, provider } = options
  const redeemed = new Set<string>()

  provider.use(async (ctx, next) => {
    await next()
    if (ctx.oidc?.route !== 'token' || !isObject(ctx.body)) return
    const params = ctx.oidc.params ?? {}
    if (typeof ctx.body.access_token === 'string') {
      if (typeof params.code === 'string') redeemed.add(params.code)
      const accountId = ctx.oidc.entities.Account?.accountId ?? ''
      ctx.body = await finishTokens(options, ctx.body, tenant.app(ctx.oidc.client?.clientId), accountId)
    } else {
      ctx.body = tokenErrorBody(explain(failures.get(ctx.req)), clock.now())
      ctx.status = 400
    }
  })
  // The provider tells the reason of a refusal only here.
  const failures = new WeakMap<IncomingMessage, string>()
  provider.on(
    'grant.error',
    (ctx, error) => void failures.set(ctx.req, error.error_detail ?? error.error_description ?? ''),
  )

  const answer = provider.callback()

  return {
    async handle(req, res, body) {
      tenant.catchUp()
      const now = clock.now()
      const params = new URLSearchParams(body)
      tenant.logRequest(req, res, `${pathOf(req)}#${params.get('grant_type')}`)
      const fault = tenant.faults.take(pathOf(req), 'token')
      if (fault?.kind === 'token-error') {
        const { error = 'invalid_grant', code = 50173, suberror } = fault
        sendTokenError(
          res,
          {
            error,
            code,
            text: 'The request was refused.',
            suberror,
            ...(fault.status ? { status: fault.status } : {}),
          },
          now,
        )
        return
      }
      if (fault && answerWithFault(fault, req, res)) return
      if (fault?.kind === 'slow') await delay(fault.delayMs ?? 1000, undefined, { ref: false })
      const problem = refuse(tenant, sessions, redeemed, params, now)
      if (problem) return sendTokenError(res, problem, now)
      // Graph's scopes are granted to the app, not to the code: the provider sees only the protocol's own.
      params.delete('scope')
      params.delete('claims')
      await answer(replay(req, params.toString()), res)
    },
  }
}

/** Client, secret, then account and consent: the order in which Entra complains. */
function refuse(
  tenant: Tenant,
  sessions: Sessions,
  redeemed: Set<string>,
  params: URLSearchParams,
  now: Date,
): EntraError | null {
  const clientId = params.get('client_id') ?? ''
  const app = tenant.apps.find(each => each.clientId === clientId)
  if (!app) return entraErrors.unknownClient(clientId, tenant.displayName)
  const secret = params.get('client_secret')
  if (!secret) return entraErrors.missingSecret()
  if (secret !== app.secret.value) return entraErrors.wrongSecret(clientId)
  if (app.secret.expiresAt && app.secret.expiresAt <= now) return entraErrors.expiredSecret(clientId)
  if (redeemed.has(params.get('code') ?? '')) return entraErrors.codeRedeemed()
  if (params.get('grant_type') !== 'refresh_token') return null
  const record = sessions.findRefresh(params.get('refresh_token') ?? '')
  if (!record || record.tenantId !== tenant.id || record.clientId !== clientId)
    return entraErrors.unknownRefresh()
  if (!tenant.account(record.accountId)?.user?.accountEnabled) return entraErrors.accountDisabled()
  if (record.issuedAt < tenant.sessionsValidFrom().getTime()) return entraErrors.sessionRevoked()
  if (now.getTime() - record.lastUsedAt > idleLimit) return entraErrors.refreshIdle()
  return graphScopes(params.get('scope') ?? '').every(scope => isGranted(app, scope))
    ? null
    : entraErrors.consentMissing(clientId, app.displayName)
}

/** Makes the provider's answer Entra's: additive scopes, client_info, and times on the stand-in's clock. */
async function finishTokens(
  options: { tenant: Tenant; clock: Clock; sessions: Sessions; accessTokenSeconds: number },
  body: Record<string, unknown>,
  app: App,
  accountId: string,
): Promise<Record<string, unknown>> {
  const { tenant, clock, sessions, accessTokenSeconds } = options
  const now = clock.now().getTime()
  const common = { tenantId: tenant.id, clientId: app.clientId, accountId }
  sessions.addAccess(String(body.access_token), {
    ...common,
    scopes: [...app.grantedScopes],
    issuedAt: now,
    expiresAt: now + accessTokenSeconds * 1000,
  })
  if (typeof body.refresh_token === 'string') {
    const before = sessions.findRefresh(body.refresh_token)
    sessions.putRefresh(body.refresh_token, { ...common, issuedAt: before?.issuedAt ?? now, lastUsedAt: now })
  }
  return {
    token_type: 'Bearer',
    scope: [...app.grantedScopes, 'profile', 'openid', 'email'].join(' '),
    expires_in: accessTokenSeconds,
    ext_expires_in: accessTokenSeconds,
    access_token: body.access_token,
    ...(body.refresh_token ? { refresh_token: body.refresh_token } : {}),
    ...(typeof body.id_token === 'string'
      ? { id_token: await retime(body.id_token, sessions.signingKey, now) }
      : {}),
    client_info: Buffer.from(JSON.stringify({ uid: accountId, utid: tenant.id })).toString('base64url'),
  }
}

/** Signs the same claims again with times of the stand-in's clock. */
async function retime(idToken: string, key: JWK, now: number): Promise<string> {
  const { at_hash: _hash, ...claims } = decodeJwt(idToken)
  const seconds = Math.floor(now / 1000)
  return new SignJWT({ ...claims, iat: seconds, nbf: seconds, exp: seconds + 3600 })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(key.kid ? { kid: key.kid } : {}) })
    .sign(await importJWK(key, 'RS256'))
}

/** The provider's reason in Entra's words. */
function explain(reason: string | undefined): EntraError {
  if (reason === undefined)
    return { error: 'invalid_request', code: 900144, text: 'The request body is not a token request.' }
  if (reason.includes('already consumed')) return entraErrors.codeRedeemed()
  if (reason.includes('is expired')) return entraErrors.codeExpired()
  if (reason.includes('redirect_uri mismatch')) return entraErrors.redirectChanged()
  if (/PKCE|verifier|challenge/i.test(reason)) return entraErrors.verifierWrong()
  if (reason.includes('not found') || reason.includes('mismatch')) return entraErrors.codeUnknown()
  return { error: 'invalid_request', code: 900144, text: reason }
}

/** Graph permissions among requested scopes, without the resource prefix. */
export function graphScopes(scope: string): string[] {
  return scope
    .split(' ')
    .filter(Boolean)
    .map(name => name.replace(/^https:\/\/[^/]*graph[^/]*\//, ''))
    .filter(name => !protocolScopes.has(name) && name !== '.default')
}

export function isGranted(app: App, scope: string): boolean {
  return app.grantedScopes.some(granted => granted.toLowerCase() === scope.toLowerCase())
}

/** The same request with another form body, for a reader that has not seen the first one. */
function replay(req: IncomingMessage, body: string): IncomingMessage {
  const copy = new IncomingMessage(req.socket)
  copy.method = req.method ?? 'POST'
  copy.url = req.url ?? '/'
  copy.headers = {
    ...req.headers,
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(Buffer.byteLength(body)),
  }
  // An incomplete message would take the socket down with it once it has been read.
  copy.complete = true
  copy.push(body)
  copy.push(null)
  return copy
}

function pathOf(req: IncomingMessage): string {
  return (req.url ?? '/').split('?')[0] ?? '/'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Buffer.isBuffer(value)
}
