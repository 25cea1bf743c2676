import type { IncomingMessage, ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'
import type { App, Tenant } from '../tenant.ts'
import type { Clock } from '../types.ts'
import { type EntraError, entraErrors, sendTokenError } from './errors.ts'
import { accountPage, consentPage, errorPage, needAdminPage } from './pages.ts'
import { createProvider } from './provider.ts'
import type { Sessions } from './sessions.ts'
import { createTokenDesk, graphScopes, isGranted, type TokenDesk } from './token.ts'

interface LoginHost {
  tenant: Tenant
  provider: Provider
  answer: (req: IncomingMessage, res: ServerResponse) => unknown
  desk: TokenDesk
  /** Redirect URIs that differ from a registered one by the port of localhost alone. */
  portVariants: Set<string>
}

/** Serves the login host of every tenant: authorize, sign-in pages, token, keys, discovery. */
export function createLogin(options: {
  clock: Clock
  sessions: Sessions
  tenants: Map<string, Tenant>
  accessTokenSeconds: number
}) {
  const { clock, sessions, tenants } = options
  const hosts = new Map<string, LoginHost>()

  const hostOf = (tenant: Tenant): LoginHost => {
    const known = hosts.get(tenant.id)
    if (known) return known
    const portVariants = new Set<string>()
    const provider = createProvider({
      tenant,
      clock,
      sessions,
      redirectUris: clientId => [...tenant.app(clientId).redirectUris, ...portVariants],
    })
    const desk = createTokenDesk({ ...options, tenant, provider })
    const host = { tenant, provider, answer: provider.callback(), desk, portVariants }
    hosts.set(tenant.id, host)
    return host
  }

  return async function handleLogin(req: IncomingMessage, res: ServerResponse, url: URL): Promise<void> {
    const [, tenantId = '', ...rest] = url.pathname.split('/')
    const path = rest.join('/')
    const tenant = tenants.get(tenantId.toLowerCase())
    if (!tenant) return refuseTenant(req, res, url, tenantId, path, clock.now())
    tenant.catchUp()
    const host = hostOf(tenant)
    req.url = url.pathname.replace(tenantId, tenant.id) + url.search
    if (path === 'oauth2/v2.0/token' && req.method === 'POST')
      return host.desk.handle(req, res, await readBody(req))
    if (path === 'oauth2/v2.0/authorize') return authorize(host, req, res, url, clock)
    if (path.startsWith('sign-in/')) return signIn(host, req, res, clock)
    if (path === 'v2.0/.well-known/openid-configuration') return sendDiscovery(tenant, res)
    await host.answer(req, res)
  }
}

async function authorize(
  host: LoginHost,
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
  clock: Clock,
): Promise<void> {
  const isResume = url.pathname.split('/').length > 5
  if (isResume) return void (await host.answer(req, res))
  const { tenant } = host
  const clientId = url.searchParams.get('client_id') ?? ''
  const redirectUri = url.searchParams.get('redirect_uri') ?? ''
  const app = tenant.apps.find(each => each.clientId === clientId)
  if (!app)
    return sendPage(res, 400, errorPage(entraErrors.unknownClient(clientId, tenant.displayName), clock.now()))
  if (!isRegistered(app, redirectUri)) {
    return sendPage(res, 400, errorPage(entraErrors.wrongRedirect(redirectUri, clientId), clock.now()))
  }
  if (!app.redirectUris.includes(redirectUri)) host.portVariants.add(redirectUri)
  const requested = url.searchParams.get('scope') ?? ''
  const protocol = requested
    .split(' ')
    .filter(scope => ['openid', 'profile', 'email', 'offline_access'].includes(scope))
  url.searchParams.set('scope', protocol.join(' '))
  url.searchParams.set('requested_scope', graphScopes(requested).join(' '))
  // The library knows no select_account, and gives offline_access only with consent.
  url.searchParams.set('prompt', 'consent')
  url.searchParams.delete('claims')
  req.url = url.pathname + url.search
  // Every sign-in begins at the account picker, whoever signed in before.
  delete req.headers.cookie
  await host.answer(req, res)
}

async function signIn(
  host: LoginHost,
  req: IncomingMessage,
  res: ServerResponse,
  clock: Clock,
): Promise<void> {
  const { tenant, provider } = host
  const details = await provider.interactionDetails(req, res).catch(() => null)
  if (!details)
    return sendPage(
      res,
      400,
      errorPage(
        {
          error: 'invalid_request',
          code: 165000,
          text: 'This sign-in has ended. Go back to the application and start again.',
        },
        clock.now(),
      ),
    )
  const app = tenant.app(String(details.params.client_id))
  const scopes = graphScopes(String(details.params.requested_scope ?? ''))
  const form = new URLSearchParams(req.method === 'POST' ? await readBody(req) : '')
  const found = tenant.account(form.get('account') ?? '')
  if (!found?.user) {
    const offered = tenant.accounts.flatMap(account => {
      const user = tenant.account(account.key)?.user
      return user ? [{ account, user }] : []
    })
    return sendPage(res, 200, accountPage(tenant, app, offered))
  }
  const { account, user } = found
  if (!user.accountEnabled) return sendPage(res, 400, errorPage(entraErrors.accountDisabled(), clock.now()))
  const finish = (result: Parameters<Provider['interactionFinished']>[2]) =>
    provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false })
  const missing = scopes.filter(scope => !isGranted(app, scope))
  const mayConsent = account.role === 'global-administrator'
  const decision = form.get('decision')
  if (decision === 'cancel') return finish(redirectError(entraErrors.declined()))
  if (missing.length > 0 && !mayConsent) {
    if (decision !== null) return finish(redirectError(entraErrors.adminConsentNeeded(app.displayName)))
    return sendPage(res, 200, needAdminPage(app, user, account.key, missing))
  }
  if (decision !== 'accept') {
    return sendPage(res, 200, consentPage(tenant, app, user, account.key, scopes, missing.length > 0))
  }
  app.grantedScopes.push(...missing)
  return finish({ login: { accountId: user.id }, consent: {} })
}

function redirectError(problem: EntraError) {
  return { error: problem.error, error_description: `AADSTS${problem.code}: ${problem.text}` }
}

/** Exact match, except that the port of http://localhost is ignored. Source: Entra "Redirect URI best practices". */
function isRegistered(app: App, redirectUri: string): boolean {
  const withoutPort = (uri: string) => uri.replace(/^(http:\/\/localhost):\d+(?=\/|$)/, '$1')
  return app.redirectUris.some(registered => withoutPort(registered) === withoutPort(redirectUri))
}

function sendDiscovery(tenant: Tenant, res: ServerResponse): void {
  const base = `${tenant.hosts.login}/${tenant.id}`
  res.writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
  res.end(
    JSON.stringify({
      issuer: `${base}/v2.0`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
      end_session_endpoint: `${base}/oauth2/v2.0/logout`,
      token_endpoint_auth_methods_supported: ['client_secret_post'],
      response_modes_supported: ['query', 'form_post'],
      response_types_supported: ['code'],
      scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      claims_supported: [
        'sub',
        'iss',
        'aud',
        'exp',
        'iat',
        'nonce',
        'preferred_username',
        'name',
        'tid',
        'ver',
      ],
      code_challenge_methods_supported: ['S256'],
    }),
  )
}

function refuseTenant(
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
  tenantId: string,
  path: string,
  now: Date,
): void {
  const isShared = ['common', 'organizations', 'consumers'].includes(tenantId)
  const problem = isShared
    ? entraErrors.commonEndpoint(url.searchParams.get('client_id') ?? '')
    : entraErrors.unknownTenant(tenantId)
  if (path.startsWith('oauth2/v2.0/authorize')) sendPage(res, 400, errorPage(problem, now))
  else {
    req.resume()
    sendTokenError(res, problem, now)
  }
}

function sendPage(res: ServerResponse, status: number, html: string): void {
  res.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  })
  res.end(html)
}

async function readBody(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
