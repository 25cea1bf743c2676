import { createHash, randomBytes } from 'node:crypto'
import { afterEach } from 'vitest'
import { signInAndConsent } from '../../sandbox/entra/browse.ts'
import { type EntraStandIn, startEntra } from '../../sandbox/entra/start-entra.ts'
import { requiredScopes, type StartEntraOptions, type TenantSpec } from '../../sandbox/entra/types.ts'
import { redirectUri, tenantSpec } from './entra.ts'

export const standInIds = {
  tenantId: '11111111-2222-3333-4444-555555555555',
  clientId: '99999999-8888-7777-6666-000000000000',
  clientSecret: 's3cr~et.Value',
  redirectUri,
}

/** A directory whose ids a test can write down, with one app registration; any field can be replaced. */
export const standInSpec = (changes: Partial<TenantSpec> = {}): TenantSpec =>
  tenantSpec({
    tenantId: standInIds.tenantId,
    size: 60,
    since: new Date('2026-01-05T00:00:00Z'),
    apps: [
      {
        clientId: standInIds.clientId,
        clientSecret: standInIds.clientSecret,
        redirectUris: ['http://localhost/api/integrations/entra/callback'],
      },
    ],
    ...changes,
  })

/** Starts stand-ins with one directory and stops them after each test. Their clock stands still at `instant`. */
export function useStandIn(instant: Date) {
  const running: EntraStandIn[] = []
  afterEach(async () => {
    for (const entra of running.splice(0)) await entra.stop()
  })
  return async (spec: Partial<TenantSpec> = {}, options: Partial<StartEntraOptions> = {}) => {
    const entra = await startEntra({ tenants: [standInSpec(spec)], ...options })
    running.push(entra)
    entra.setClock(instant)
    return { entra, tenant: entra.tenant(standInIds.tenantId) }
  }
}

export interface GraphAnswer {
  status: number
  headers: Headers
  /** Parsed JSON, or the text when it is not JSON. */
  body: unknown
}

export interface GraphReader {
  accessToken: string
  refreshToken: string
  get(path: string, headers?: Record<string, string>): Promise<GraphAnswer>
  /** Every row of every page of a collection. */
  all(path: string): Promise<Record<string, unknown>[]>
  /** The path of the next page, checked to be on the production host of the cloud (the global one unless given). */
  nextPath(body: unknown, host?: string): string | undefined
}

/** Signs in by plain HTTP, redeems the code without any client library, and reads Graph with the token. */
export async function connect(
  entra: Pick<EntraStandIn, 'origin'>,
  options: { account?: string; tenantId?: string; clientId?: string } = {},
): Promise<GraphReader> {
  const { tenantId = standInIds.tenantId, clientId = standInIds.clientId } = options
  const verifier = randomBytes(32).toString('base64url')
  const authorizeUrl = authorizeUrlFor(entra, verifier, { tenantId, clientId })
  const back = await signInAndConsent(authorizeUrl, {
    ...(options.account ? { account: options.account } : {}),
  })
  const grant = { code: back.searchParams.get('code') ?? '', verifier }
  const tokens = await redeem(entra, grant, tenantId, { client_id: clientId })
  const accessToken = String(tokens.body.access_token)

  const get = async (path: string, headers: Record<string, string> = {}): Promise<GraphAnswer> => {
    const response = await fetch(`${entra.origin}/v1.0${path}`, {
      headers: { authorization: `Bearer ${accessToken}`, ...headers },
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: parse(text) }
  }
  const nextPath = (body: unknown, host = 'https://graph.microsoft.com'): string | undefined => {
    const link = isRecord(body) ? body['@odata.nextLink'] : undefined
    if (typeof link !== 'string') return undefined
    const base = `${host}/v1.0`
    if (!link.startsWith(base)) throw new Error(`nextLink on another host: ${link}`)
    return link.slice(base.length)
  }
  return {
    accessToken,
    refreshToken: String(tokens.body.refresh_token),
    get,
    nextPath,
    async all(path) {
      const rows: Record<string, unknown>[] = []
      for (let next: string | undefined = path; next !== undefined; ) {
        const { status, body } = await get(next)
        if (status !== 200 || !isRecord(body) || !Array.isArray(body.value)) {
          throw new Error(`${status} ${JSON.stringify(body)}`)
        }
        rows.push(...body.value.filter(isRecord))
        next = nextPath(body)
      }
      return rows
    },
  }
}

export function authorizeUrlFor(
  entra: Pick<EntraStandIn, 'origin'>,
  verifier: string,
  { tenantId, clientId }: { tenantId: string; clientId: string } = standInIds,
): string {
  const params = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: standInIds.redirectUri,
    scope: [...requiredScopes, 'openid', 'profile', 'offline_access'].join(' '),
    state: 'state-1',
    nonce: 'nonce-1',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    prompt: 'select_account',
  })
  return `${entra.origin}/${tenantId}/oauth2/v2.0/authorize?${params}`
}

/** Posts to the token endpoint: a code with its verifier, a refresh token, or any fields on top. */
export async function redeem(
  entra: Pick<EntraStandIn, 'origin'>,
  grant: { code: string; verifier: string } | { refreshToken: string },
  tenantId = standInIds.tenantId,
  more: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const fields =
    'code' in grant
      ? {
          grant_type: 'authorization_code',
          code: grant.code,
          code_verifier: grant.verifier,
          redirect_uri: standInIds.redirectUri,
        }
      : { grant_type: 'refresh_token', refresh_token: grant.refreshToken, scope: requiredScopes.join(' ') }
  const response = await fetch(`${entra.origin}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: standInIds.clientId,
      client_secret: standInIds.clientSecret,
      ...fields,
      ...more,
    }),
  })
  const body = parse(await response.text())
  return { status: response.status, body: isRecord(body) ? body : {} }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
