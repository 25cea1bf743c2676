import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { AuthorizationRefused } from '../../server/connectors/contract.ts'
import { Secret } from '../../server/vault/secret.ts'
import {
  clientSecret,
  connect,
  errorOf,
  openScene,
  redirectUri,
  type Scene,
  secretId,
  tenantOf,
  tenantSpec,
} from '../support/entra.ts'

const four = ['AuditLog.Read.All', 'IdentityRiskyUser.Read.All', 'Policy.Read.All', 'User.Read.All']
let scene: Scene

afterEach(() => scene.entra.stop())

async function refusal(promise: Promise<unknown>): Promise<AuthorizationRefused> {
  const error = await errorOf(promise)
  expect(error).toBeInstanceOf(AuthorizationRefused)
  if (!(error instanceof AuthorizationRefused)) throw error
  const { title, explanation, who, remedy } = error.words
  expect(title).not.toBe('')
  expect(explanation).not.toBe('')
  expect(who).toMatch(/^(An administrator|Whoever signs in|Nobody)/)
  expect(remedy.length).toBeGreaterThan(0)
  return error
}

function withScopes(grantedScopes: string[]) {
  const spec = tenantSpec()
  return { ...spec, apps: spec.apps.map(app => ({ ...app, grantedScopes })) }
}

describe('the address to sign in at', () => {
  test('asks for exactly the four scopes with PKCE, state, nonce and an account choice', async () => {
    scene = await openScene()
    const begun = await scene.connector.authorization.begin({
      settings: scene.settings,
      clientSecret: new Secret(clientSecret),
      redirectUri,
      state: 'state-1',
    })
    const url = new URL(begun.url)
    expect(url.origin).toBe(scene.entra.origin)
    expect(url.pathname).toBe(`/${scene.settings.externalTenantId}/oauth2/v2.0/authorize`)
    const asked = Object.fromEntries(url.searchParams)
    expect(asked.scope?.split(' ').sort()).toEqual([...four, 'offline_access', 'openid', 'profile'].sort())
    expect(asked).toMatchObject({
      client_id: scene.settings.clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      response_mode: 'query',
      prompt: 'select_account',
      code_challenge_method: 'S256',
      state: 'state-1',
      nonce: begun.nonce.reveal(),
    })
    expect(begun.url).not.toContain(begun.verifier.reveal())
  })

  test('is the one of the chosen cloud', async () => {
    scene = await openScene(tenantSpec(), { connector: { loginOrigin: undefined } })
    const hosts = await Promise.all(
      scene.connector.manifest.clouds.map(async cloud => {
        const settings = { ...scene.settings, cloud: cloud.id }
        const begun = await scene.connector.authorization.begin({
          settings,
          clientSecret: new Secret(clientSecret),
          redirectUri,
          state: 's',
        })
        return new URL(begun.url).origin
      }),
    )
    expect(hosts).toEqual(scene.connector.manifest.clouds.map(cloud => cloud.loginOrigin))
  })
})

describe('a sign-in that comes back', () => {
  test('gives the granted scopes, the account and a token cache', async () => {
    scene = await openScene()
    const done = await connect(scene)
    expect(done.grant).toEqual({ granted: four, missing: [], excess: [] })
    expect(done.authorizedBy).toBe(tenantOf(scene).account('security-reader')?.user?.id)
    expect(done.tokenCache.reveal()).toContain('RefreshToken')
    expect(String(done.tokenCache)).toBe('[secret]')
  })

  test.each(['usgov-l4', 'usgov-l5', 'china'] as const)('works in the cloud %s', async cloud => {
    scene = await openScene(tenantSpec({ cloud }))
    expect((await connect(scene)).grant.missing).toEqual([])
  })

  test('connects with a read permission too many and names it', async () => {
    scene = await openScene(withScopes([...four, 'User.Read']))
    expect((await connect(scene)).grant.excess).toEqual(['User.Read'])
  })

  test('is refused with a permission that can do more than read, which it names', async () => {
    scene = await openScene(withScopes([...four, 'Directory.ReadWrite.All']))
    const refused = await refusal(connect(scene))
    expect(refused.reason).toBe('write_scope_granted')
    expect(refused.words.remedy.join(' ')).toContain('Directory.ReadWrite.All')
  })

  test('is refused when the person declined', async () => {
    scene = await openScene()
    expect((await refusal(connect(scene, { decline: true }))).reason).toBe('declined')
  })

  test('is refused when consent is missing and the account cannot give it', async () => {
    scene = await openScene(withScopes(['User.Read.All']))
    const refused = await refusal(connect(scene))
    expect([refused.reason, refused.code]).toEqual(['consent_missing', 'AADSTS90094'])
  })

  test('is refused with the secret id in place of the value, and says which field is wrong', async () => {
    scene = await openScene()
    const refused = await refusal(connect(scene, { secret: secretId }))
    expect([refused.reason, refused.field, refused.code]).toEqual([
      'wrong_secret',
      'clientSecret',
      'AADSTS7000215',
    ])
    expect(refused.words.explanation).toContain('Secret ID')
    expect(JSON.stringify(refused)).not.toContain(secretId)
  })

  test('is refused with an expired secret', async () => {
    scene = await openScene()
    tenantOf(scene).setSecret({ value: clientSecret, expiresAt: new Date('2025-03-01T00:00:00Z') })
    const refused = await refusal(connect(scene))
    expect([refused.reason, refused.code]).toEqual(['expired_secret', 'AADSTS7000222'])
  })

  test('is refused with another state, before anything is redeemed', async () => {
    scene = await openScene()
    const refused = await refusal(connect(scene, { tamper: callback => callback.set('state', 'another') }))
    expect(refused.reason).toBe('identity_mismatch')
    expect(tenantOf(scene).requests.filter(({ method }) => method === 'POST')).toEqual([])
  })

  test('is refused with a code that the directory does not know', async () => {
    scene = await openScene()
    const refused = await refusal(connect(scene, { tamper: callback => callback.set('code', randomUUID()) }))
    expect(['other', 'interaction_required']).toContain(refused.reason)
  })

  test.each([
    ['a page instead of data', { kind: 'html-200', path: '/token' } as const],
    ['status 503', { kind: 'status', status: 503, path: '/token' } as const],
    ['a broken connection', { kind: 'reset', path: '/token' } as const],
    [
      'an overloaded directory',
      { kind: 'token-error', error: 'temporarily_unavailable', code: 90055 } as const,
    ],
  ])('is put off when the login host answers with %s', async (_name, fault) => {
    scene = await openScene()
    tenantOf(scene).fault(fault)
    expect((await refusal(connect(scene))).reason).toBe('source_unavailable')
  })
})

describe('an error in place of a code', () => {
  test.each([
    ['access_denied', 'the user canceled the authentication', 'declined'],
    ['access_denied', 'AADSTS65004: User declined to consent', 'declined'],
    ['consent_required', 'AADSTS65001: The user or administrator has not consented', 'consent_missing'],
    ['invalid_request', 'AADSTS50011: The redirect URI does not match', 'redirect_uri_missing'],
    ['unauthorized_client', 'AADSTS700016: Application not found in the directory', 'unknown_application'],
    ['invalid_request', 'AADSTS90002: Tenant not found', 'wrong_tenant'],
    ['interaction_required', 'AADSTS50020: User account does not exist in tenant', 'wrong_tenant'],
    ['interaction_required', 'AADSTS50105: not assigned to a role', 'account_not_allowed'],
    ['login_required', '', 'interaction_required'],
    ['server_error', 'something', 'source_unavailable'],
    ['temporarily_unavailable', 'AADSTS90033: unavailable', 'source_unavailable'],
    ['never_heard_of', 'AADSTS99999999: new', 'other'],
  ])('%s (%s) is refused as %s', async (error, description, cause) => {
    scene = await openScene()
    const refused = await refusal(
      scene.connector.authorization.complete({
        settings: scene.settings,
        clientSecret: new Secret(clientSecret),
        redirectUri,
        state: 's',
        verifier: new Secret('v'),
        nonce: new Secret('n'),
        callback: new URLSearchParams({ error, error_description: description, state: 's' }),
        now: scene.clock.now(),
      }),
    )
    expect(refused.reason).toBe(cause)
  })
})
