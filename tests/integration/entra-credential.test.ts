import { afterEach, describe, expect, test } from 'vitest'
import { Secret } from '../../server/vault/secret.ts'
import {
  clientSecret,
  connect,
  errorOf,
  open,
  openRun,
  openScene,
  readAll,
  type Scene,
  secretId,
  storeOf,
  tenantOf,
  tenantSpec,
} from '../support/entra.ts'

let scene: Scene
afterEach(() => scene.entra.stop())

const four = ['AuditLog.Read.All', 'IdentityRiskyUser.Read.All', 'Policy.Read.All', 'User.Read.All']
const refreshes = () => tenantOf(scene).requests.filter(({ url }) => url.endsWith('#refresh_token'))

describe('opening a run', () => {
  test('refreshes once, records what is granted now, and writes the cache back once', async () => {
    scene = await openScene()
    const store = storeOf((await connect(scene)).tokenCache)
    tenantOf(scene).setGrantedScopes([...four, 'User.Read'])
    const reads = await open(scene, store)
    expect(reads.grant).toEqual({
      granted: [...four, 'User.Read'].sort(),
      missing: [],
      excess: ['User.Read'],
    })
    expect(refreshes()).toHaveLength(1)
    expect(store.writes).toHaveLength(1)
    await readAll(reads, 'user_inventory')
    expect(refreshes()).toHaveLength(1)
  })

  test('works on from the cache that the run before left', async () => {
    scene = await openScene()
    const store = storeOf((await connect(scene)).tokenCache)
    for (let run = 0; run < 3; run += 1) await readAll(await open(scene, store), 'security_defaults')
    expect(store.writes).toHaveLength(3)
  })

  test('works on with a replaced secret, without another sign-in', async () => {
    scene = await openScene()
    const store = storeOf((await connect(scene)).tokenCache)
    tenantOf(scene).setSecret({ value: 'another~secret' })
    await readAll(await open(scene, store, { secret: 'another~secret' }), 'security_defaults')
  })

  test('refuses a grant that can do more than read, and keeps no token', async () => {
    scene = await openScene()
    const store = storeOf((await connect(scene)).tokenCache)
    tenantOf(scene).setGrantedScopes([...four, 'Mail.Send'])
    expect(await errorOf(open(scene, store))).toMatchObject({
      name: 'CredentialRefused',
      remedy: 'reauthorize',
      reason: 'write_scope_granted',
      intolerable: { granted: [...four, 'Mail.Send'].sort(), missing: [], excess: [] },
      explanation: expect.stringContaining('Mail.Send'),
    })
    expect(store.writes.map(cache => cache.reveal())).toEqual(['{}'])
    expect(await errorOf(open(scene, store))).toMatchObject({
      remedy: 'reauthorize',
      reason: 'not_authorized',
    })
  })

  test('without a stored authorization asks for one', async () => {
    scene = await openScene()
    expect(await errorOf(open(scene, storeOf(null)))).toMatchObject({
      remedy: 'reauthorize',
      reason: 'not_authorized',
    })
    expect(await errorOf(open(scene, storeOf(new Secret('{}'))))).toMatchObject({ remedy: 'reauthorize' })
  })
})

describe('a credential that the directory refuses for good', () => {
  test.each<[string, (scene: Scene) => void, string, string, string]>([
    [
      'sessions revoked',
      ({ clock, ...rest }) => {
        clock.jump(60_000)
        tenantOf({ clock, ...rest }).revokeSessions()
      },
      'reauthorize',
      'session_revoked',
      'AADSTS50173',
    ],
    [
      'idle for 90 days',
      ({ clock }) => clock.jump(91 * 86_400_000),
      'reauthorize',
      'token_idle',
      'AADSTS700082',
    ],
    [
      'account disabled',
      s => tenantOf(s).disableAccount('security-reader'),
      'reauthorize',
      'account_disabled',
      'AADSTS50057',
    ],
    [
      'consent withdrawn',
      s => tenantOf(s).setGrantedScopes([]),
      'reauthorize',
      'consent_withdrawn',
      'AADSTS65001',
    ],
    [
      'secret expired',
      s => tenantOf(s).setSecret({ value: clientSecret, expiresAt: new Date('2025-01-02T00:00:00Z') }),
      'fix_application',
      'secret_expired',
      'AADSTS7000222',
    ],
    [
      'secret replaced',
      s => tenantOf(s).setSecret({ value: 'another' }),
      'fix_application',
      'secret_wrong',
      'AADSTS7000215',
    ],
    [
      'sign-in frequency',
      s =>
        tenantOf(s).fault({
          kind: 'token-error',
          error: 'invalid_grant',
          code: 70043,
          suberror: 'bad_token',
        }),
      'reauthorize',
      'sign_in_frequency',
      'AADSTS70043',
    ],
    [
      'a second factor now required',
      s =>
        tenantOf(s).fault({
          kind: 'token-error',
          error: 'interaction_required',
          code: 50076,
          suberror: 'basic_action',
        }),
      'reauthorize',
      'mfa_required',
      'AADSTS50076',
    ],
    [
      'application disabled',
      s => tenantOf(s).fault({ kind: 'token-error', error: 'unauthorized_client', code: 7000112 }),
      'fix_application',
      'application_disabled',
      'AADSTS7000112',
    ],
    [
      'an unknown number',
      s => tenantOf(s).fault({ kind: 'token-error', error: 'invalid_grant', code: 99999 }),
      'reauthorize',
      'invalid_grant',
      'AADSTS99999',
    ],
  ])('%s', async (_name, happen, remedy, cause, code) => {
    scene = await openScene()
    const store = storeOf((await connect(scene)).tokenCache)
    happen(scene)
    const error = await errorOf(open(scene, store))
    expect(error).toMatchObject({ name: 'CredentialRefused', remedy, reason: cause, code })
    // Where consent is missing each permission is asked for once, should another still be granted.
    expect(refreshes()).toHaveLength(code === 'AADSTS65001' ? 5 : 1)
    expect(store.writes).toEqual([])
    expect(JSON.stringify(error) + String(error)).not.toContain(secretId)
  })
})

describe('a login host that does not answer', () => {
  test.each([
    ['503', { kind: 'status', status: 503, path: '/token' }],
    ['a page', { kind: 'html-200', path: '/token' }],
    ['resets', { kind: 'reset', path: '/token' }],
    ['429 with Retry-After', { kind: 'throttle', retryAfter: 3, path: '/token' }],
    ['its own trouble', { kind: 'token-error', error: 'temporarily_unavailable', code: 90055, status: 400 }],
  ] as const)('with %s is tried again, and leaves the credential standing', async (_name, fault) => {
    scene = await openScene()
    const store = storeOf((await connect(scene)).tokenCache)
    tenantOf(scene).fault({ ...fault, times: 2 })
    await open(scene, store)
    tenantOf(scene).fault(fault)
    expect(await errorOf(open(scene, store))).toMatchObject({ name: 'SourceUnavailable' })
    tenantOf(scene).clearFaults()
    await open(scene, store)
  })
})

describe('during a run', () => {
  test('a token that expires is replaced without anybody noticing', async () => {
    scene = await openScene()
    const store = storeOf((await connect(scene)).tokenCache)
    const reads = await open(scene, store)
    scene.clock.jump(3_600_000)
    await Promise.all([readAll(reads, 'user_inventory'), readAll(reads, 'security_defaults')])
    expect(refreshes()).toHaveLength(2)
    expect(store.writes).toHaveLength(2)
  })

  test('a token that Graph refuses is replaced once, then the credential is refused', async () => {
    scene = await openScene()
    const store = storeOf((await connect(scene)).tokenCache)
    const reads = await open(scene, store)
    tenantOf(scene).fault({ kind: 'status', status: 401, times: 1, path: '/v1.0/' })
    await readAll(reads, 'security_defaults')
    expect(refreshes()).toHaveLength(2)
    tenantOf(scene).fault({ kind: 'status', status: 401, path: '/v1.0/' })
    expect(await errorOf(readAll(reads, 'security_defaults'))).toMatchObject({
      remedy: 'reauthorize',
      reason: 'token_rejected',
    })
  })

  test('a claims challenge asks for a new authorization', async () => {
    scene = await openScene()
    const reads = await openRun(scene)
    tenantOf(scene).fault({ kind: 'claims-challenge', path: '/v1.0/' })
    expect(await errorOf(readAll(reads, 'user_inventory'))).toMatchObject({
      remedy: 'reauthorize',
      reason: 'claims_challenge',
    })
  })

  test('a session that is revoked ends the run as a refused credential', async () => {
    scene = await openScene(tenantSpec({ size: 3_000 }))
    const reads = await openRun(scene)
    scene.clock.jump(1_000)
    tenantOf(scene).revokeSessions()
    expect(await errorOf(readAll(reads, 'user_inventory'))).toMatchObject({
      remedy: 'reauthorize',
      reason: 'session_revoked',
    })
  })
})
