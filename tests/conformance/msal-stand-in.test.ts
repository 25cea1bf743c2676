import {
  ConfidentialClientApplication,
  CryptoProvider,
  type INetworkModule,
  InteractionRequiredAuthError,
  type NetworkRequestOptions,
  type NetworkResponse,
  ServerError,
} from '@azure/msal-node'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { signInAndConsent } from '../../sandbox/entra/browse.ts'
import { type EntraStandIn, startEntra } from '../../sandbox/entra/start-entra.ts'
import { requiredScopes } from '../../sandbox/entra/types.ts'
import { standInIds, standInSpec } from '../support/stand-in.ts'

const loginHost = 'https://login.microsoftonline.com'
const { clientId, clientSecret, redirectUri, tenantId } = standInIds

let entra: EntraStandIn
let cacheBlob: string

beforeEach(async () => {
  cacheBlob = ''
  entra = await startEntra({ tenants: [standInSpec()] })
})
afterEach(() => entra.stop())

describe('msal-node against the stand-in, with the production authority', () => {
  test('code with PKCE, a silent call from the cache, and a forced refresh', async () => {
    const { result } = await authorize()
    expect(result.tenantId).toBe(tenantId)
    expect(result.scopes).toEqual(expect.arrayContaining(requiredScopes))
    const reader = entra.tenant(tenantId).account('security-reader')?.user
    expect(result.account?.homeAccountId).toBe(`${reader?.id}.${tenantId}`)
    const fromCache = await silent()
    expect(fromCache.fromCache).toBe(true)
    const refreshed = await silent({ forceRefresh: true })
    expect(refreshed.fromCache).toBe(false)
    expect(refreshed.accessToken).not.toBe(result.accessToken)
  })

  test('the id token is signed by the published key, for this client, tenant and nonce, at the clock’s time', async () => {
    entra.setClock(new Date('2026-02-03T04:05:06Z'))
    const { result } = await authorize()
    const keys = createRemoteJWKSet(new URL(`${entra.origin}/${tenantId}/discovery/v2.0/keys`))
    const { payload } = await jwtVerify(result.idToken, keys, {
      issuer: `${loginHost}/${tenantId}/v2.0`,
      audience: clientId,
      currentDate: entra.now(),
    })
    expect(payload).toMatchObject({ tid: tenantId, nonce: 'nonce-1', ver: '2.0' })
    expect(payload.iat).toBe(entra.now().getTime() / 1000)
  })

  test('scopes granted to the app come back even when they were not asked for', async () => {
    entra.tenant(tenantId).setGrantedScopes([...requiredScopes, 'Mail.Read'])
    const { result } = await authorize()
    expect(result.scopes).toContain('Mail.Read')
  })

  test('a code is good once', async () => {
    const { redeemAgain } = await authorize()
    await expect(redeemAgain()).rejects.toMatchObject({ errorCode: 'invalid_grant', errorNo: 54005 })
  })

  test('a code is good for ten minutes of the clock', async () => {
    entra.setClock(new Date('2026-02-03T04:00:00Z'))
    const { redeem } = await beginSignIn()
    entra.setClock(new Date('2026-02-03T04:10:01Z'))
    await expect(redeem()).rejects.toMatchObject({ errorCode: 'invalid_grant', errorNo: 70008 })
  })

  test('a code needs its own verifier and redirect URI', async () => {
    const one = await beginSignIn()
    await expect(one.redeem({ codeVerifier: 'x'.repeat(43) })).rejects.toMatchObject({ errorNo: 501481 })
    const other = await beginSignIn()
    await expect(
      other.redeem({ redirectUri: 'http://localhost:4000/api/integrations/entra/callback' }),
    ).rejects.toMatchObject({ errorNo: 500112 })
  })

  test('a wrong secret is told from an expired one', async () => {
    await authorize()
    await expect(silent({ forceRefresh: true, secret: 'the-secret-id' })).rejects.toMatchObject({
      errorCode: 'invalid_client',
      errorNo: 7000215,
    })
    entra.tenant(tenantId).setSecret({ value: clientSecret, expiresAt: new Date(entra.now().getTime() - 1) })
    await expect(silent({ forceRefresh: true })).rejects.toMatchObject({
      errorCode: 'invalid_client',
      errorNo: 7000222,
    })
    entra.tenant(tenantId).setSecret({ value: 'renewed' })
    await expect(silent({ forceRefresh: true, secret: 'renewed' })).resolves.toMatchObject({
      fromCache: false,
    })
  })

  test('a revoked session and an idle refresh token surface as plain server errors', async () => {
    await authorize()
    entra.setClock(new Date(entra.now().getTime() + 91 * 86_400_000))
    const idle = await silent({ forceRefresh: true }).catch(error => error)
    expect(idle).toBeInstanceOf(ServerError)
    expect(idle).toMatchObject({ errorCode: 'invalid_grant', errorNo: 700082 })
    entra.setClock(null)
    entra.tenant(tenantId).revokeSessions()
    const revoked = await silent({ forceRefresh: true }).catch(error => error)
    expect(revoked).toBeInstanceOf(ServerError)
    expect(revoked).toMatchObject({ errorCode: 'invalid_grant', errorNo: 50173 })
  })

  test('a disabled account, a withdrawn consent and a fault are each named', async () => {
    await authorize()
    const tenant = entra.tenant(tenantId)
    tenant.fault({
      kind: 'token-error',
      error: 'invalid_grant',
      code: 50076,
      suberror: 'basic_action',
      times: 1,
    })
    const challenged = await silent({ forceRefresh: true }).catch(error => error)
    expect(challenged).toBeInstanceOf(InteractionRequiredAuthError)
    tenant.setGrantedScopes(['User.Read.All'])
    const withdrawn = await silent({ forceRefresh: true }).catch(error => error)
    expect(withdrawn).toBeInstanceOf(InteractionRequiredAuthError)
    expect(withdrawn).toMatchObject({ subError: 'consent_required', errorNo: 65001 })
    tenant.disableAccount('security-reader')
    await expect(silent({ forceRefresh: true })).rejects.toMatchObject({ errorNo: 50057 })
  })

  test('an HTML answer breaks msal, as a real outage page does', async () => {
    await authorize()
    entra.tenant(tenantId).fault({ kind: 'html-200', path: 'oauth2/v2.0/token', times: 1 })
    await expect(silent({ forceRefresh: true })).rejects.toThrow()
    await expect(silent({ forceRefresh: true })).resolves.toMatchObject({ fromCache: false })
  })
})

describe('the sign-in pages', () => {
  test('declining sends the person back with access_denied', async () => {
    const back = await signInAndConsent(await authorizeUrl(), { decline: true, rewrite })
    expect(back.searchParams.get('error')).toBe('access_denied')
    expect(back.searchParams.get('error_description')).toMatch(/^AADSTS65004/)
    expect(back.searchParams.get('state')).toBe('state-1')
  })

  test('without consent a plain member needs an administrator, and an administrator grants it', async () => {
    entra.tenant(tenantId).setGrantedScopes([])
    const refused = await signInAndConsent(await authorizeUrl(), { account: 'user', rewrite })
    expect(refused.searchParams.get('error')).toBe('consent_required')
    expect(refused.searchParams.get('error_description')).toMatch(/^AADSTS90094/)
    const granted = await signInAndConsent(await authorizeUrl(), { account: 'administrator', rewrite })
    expect(granted.searchParams.get('code')).toBeTruthy()
    expect(entra.tenant(tenantId).app().grantedScopes).toEqual(requiredScopes)
  })

  test('the port of a localhost redirect URI does not matter, its path does', async () => {
    const withPort = new URL(rewrite(await authorizeUrl()))
    withPort.searchParams.set('redirect_uri', 'http://localhost:8123/api/integrations/entra/callback')
    expect((await signInAndConsent(withPort.href)).port).toBe('8123')
    withPort.searchParams.set('redirect_uri', 'http://localhost:8123/api/Integrations/entra/callback')
    await expect(signInAndConsent(withPort.href)).rejects.toThrow('AADSTS50011')
  })

  test('unknown apps, unknown tenants, the common endpoint and disabled accounts end on a page', async () => {
    const url = rewrite(await authorizeUrl())
    await expect(signInAndConsent(url.replaceAll(clientId, crypto.randomUUID()))).rejects.toThrow(
      'AADSTS700016',
    )
    await expect(signInAndConsent(url.replace(tenantId, crypto.randomUUID()))).rejects.toThrow('AADSTS90002')
    await expect(signInAndConsent(url.replace(tenantId, 'common'))).rejects.toThrow('AADSTS50194')
    entra.tenant(tenantId).disableAccount('guest')
    await expect(signInAndConsent(url, { account: 'guest' })).rejects.toThrow('AADSTS50057')
  })

  test('say what they are, and run no scripts', async () => {
    const entrance = await fetch(rewrite(await authorizeUrl()), { redirect: 'manual' })
    const cookies = entrance.headers.getSetCookie().map(line => line.split(';')[0])
    const response = await fetch(new URL(entrance.headers.get('location') ?? '', entra.origin), {
      headers: { cookie: cookies.join('; ') },
    })
    const html = await response.text()
    expect(html).toContain('Stand-in for Microsoft Entra ID – demo')
    expect(html).toContain('Security Reader')
    expect(html).not.toContain('<script')
  })
})

/** The browser's and msal's way to the production login host leads to the stand-in. */
function rewrite(url: string): string {
  return url.replace(loginHost, entra.origin)
}

const networkClient: INetworkModule = {
  sendGetRequestAsync: (url, options) => request('GET', url, options),
  sendPostRequestAsync: (url, options) => request('POST', url, options),
}

async function request<T>(
  method: string,
  url: string,
  options?: NetworkRequestOptions,
): Promise<NetworkResponse<T>> {
  const response = await fetch(rewrite(url), {
    method,
    headers: options?.headers ?? {},
    ...(method === 'POST' ? { body: options?.body ?? '' } : {}),
  })
  // msal names the shape it expects of each answer.
  const body = (await response.json()) as T
  return { status: response.status, headers: Object.fromEntries(response.headers), body }
}

function client(secret = clientSecret): ConfidentialClientApplication {
  return new ConfidentialClientApplication({
    auth: { clientId, clientSecret: secret, authority: `${loginHost}/${tenantId}` },
    cache: {
      cachePlugin: {
        beforeCacheAccess: async context => context.tokenCache.deserialize(cacheBlob),
        afterCacheAccess: async context => {
          if (context.cacheHasChanged) cacheBlob = context.tokenCache.serialize()
        },
      },
    },
    system: { networkClient },
  })
}

async function authorizeUrl(challenge?: string): Promise<string> {
  const codeChallenge = challenge ?? (await new CryptoProvider().generatePkceCodes()).challenge
  return client().getAuthCodeUrl({
    scopes: requiredScopes,
    redirectUri,
    codeChallenge,
    codeChallengeMethod: 'S256',
    state: 'state-1',
    nonce: 'nonce-1',
    prompt: 'select_account',
    responseMode: 'query',
  })
}

async function beginSignIn() {
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes()
  const back = await signInAndConsent(await authorizeUrl(challenge), { rewrite })
  const code = back.searchParams.get('code') ?? ''
  const redeem = (change: { codeVerifier?: string; redirectUri?: string } = {}) =>
    client().acquireTokenByCode(
      {
        scopes: requiredScopes,
        redirectUri,
        code,
        codeVerifier: verifier,
        state: 'state-1',
        nonce: 'nonce-1',
        ...change,
      },
      { state: 'state-1', code },
    )
  return { redeem }
}

async function authorize() {
  const { redeem } = await beginSignIn()
  return { result: await redeem(), redeemAgain: redeem }
}

async function silent(options: { forceRefresh?: boolean; secret?: string } = {}) {
  const application = client(options.secret)
  const [account] = await application.getTokenCache().getAllAccounts()
  if (!account) throw new Error('The cache holds no account')
  return application.acquireTokenSilent({
    account,
    scopes: requiredScopes,
    forceRefresh: options.forceRefresh ?? false,
  })
}
