import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEntraConnector } from '../../server/connectors/entra/connector.ts'
import { Secret } from '../../server/vault/secret.ts'
import { clientSecret, errorOf, redirectUri } from '../support/entra.ts'

const tenantId = '11111111-2222-4333-8444-555555555555'
const foreignId = '99999999-2222-4333-8444-555555555555'
const settings = {
  externalTenantId: tenantId,
  clientId: 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee',
  cloud: 'global',
}
const now = new Date('2025-03-10T09:00:00Z')
const seconds = now.getTime() / 1000

let server: Server
let origin: string
/** What the login host answers next. */
let answer: Record<string, unknown>
let keys: unknown
let keyFailures = 0
let published: CryptoKeyPair
let unknown: CryptoKeyPair
type CryptoKeyPair = Awaited<ReturnType<typeof generateKeyPair>>

/** A login host that signs whatever it is told to: what the stand-in, being well-behaved, never would. */
beforeAll(async () => {
  published = await generateKeyPair('RS256')
  unknown = await generateKeyPair('RS256')
  keys = { keys: [{ ...(await exportJWK(published.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }] }
  server = createServer((req, res) => {
    const isKeys = req.url?.endsWith('/keys')
    if (isKeys && keyFailures > 0) {
      keyFailures -= 1
      res.writeHead(502).end('bad gateway')
      return
    }
    res.writeHead(200, { 'content-type': 'application/json' })
    res.end(JSON.stringify(isKeys ? keys : answer))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  // A listening TCP server always has an address object.
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise(resolve => server.close(resolve)))

const good: JWTPayload = {
  iss: `https://login.microsoftonline.com/${tenantId}/v2.0`,
  aud: settings.clientId,
  tid: tenantId,
  oid: 'bbbbbbbb-bbbb-4ccc-8ddd-eeeeeeeeeeee',
  sub: 'sub',
  nonce: 'nonce-1',
  ver: '2.0',
  iat: seconds - 5,
  nbf: seconds - 5,
  exp: seconds + 3600,
}

async function complete(
  idToken: string,
  scope = 'User.Read.All AuditLog.Read.All Policy.Read.All IdentityRiskyUser.Read.All',
) {
  answer = {
    token_type: 'Bearer',
    scope: `${scope} openid profile email`,
    expires_in: 3599,
    access_token: 'opaque',
    refresh_token: 'opaque-too',
    id_token: idToken,
    client_info: Buffer.from(JSON.stringify({ uid: good.oid, utid: tenantId })).toString('base64url'),
  }
  const connector = createEntraConnector({
    loginOrigin: origin,
    graphOrigin: origin,
    collectorVersion: 'test',
  })
  return connector.authorization.complete({
    settings,
    clientSecret: new Secret(clientSecret),
    redirectUri,
    state: 'state-1',
    verifier: new Secret('verifier'),
    nonce: new Secret('nonce-1'),
    callback: new URLSearchParams({ code: 'code', state: 'state-1' }),
    now,
  })
}

const sign = (claims: JWTPayload, key = published.privateKey, kid = 'k1') =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' }).sign(key)

const without = (claim: 'iss' | 'aud' | 'exp' | 'iat'): JWTPayload =>
  Object.fromEntries(Object.entries(good).filter(([name]) => name !== claim))

/** The published key taken for a shared secret: what a verifier that trusts the header's algorithm would accept. */
const signedWithPublicKey = async (claims: JWTPayload) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', kid: 'k1', typ: 'JWT' })
    .sign(new TextEncoder().encode(await exportSPKI(published.publicKey)))

/** A good signature under other claims than it was made for. */
async function withClaimsSwapped(claims: JWTPayload) {
  const [header, , signature] = (await sign(good)).split('.')
  return [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.')
}

async function withSignatureDamaged() {
  const [header, payload, signature = ''] = (await sign(good)).split('.')
  return [header, payload, (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1)].join('.')
}

const unsigned = (claims: JWTPayload) =>
  `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`

describe('an id token', () => {
  test('that is right in every part is accepted', async () => {
    expect((await complete(await sign(good))).authorizedBy).toBe(good.oid)
  })

  test.each<[string, () => Promise<string>, string]>([
    ['signed by a key that is not published', () => sign(good, unknown.privateKey), 'identity_mismatch'],
    [
      'that names a key which is not published',
      () => sign(good, published.privateKey, 'k2'),
      'identity_mismatch',
    ],
    ['whose signature is damaged', withSignatureDamaged, 'identity_mismatch'],
    [
      'whose signature was made for other claims',
      () => withClaimsSwapped({ ...good, oid: foreignId }),
      'identity_mismatch',
    ],
    [
      'signed with the published key as a shared secret',
      () => signedWithPublicKey(good),
      'identity_mismatch',
    ],
    ['without a signature', async () => unsigned(good), 'identity_mismatch'],
    ['for another application', () => sign({ ...good, aud: foreignId }), 'identity_mismatch'],
    [
      'of another issuer',
      () => sign({ ...good, iss: `https://login.microsoftonline.com/${foreignId}/v2.0` }),
      'identity_mismatch',
    ],
    [
      'of the directory in another cloud',
      () => sign({ ...good, iss: `https://login.microsoftonline.us/${tenantId}/v2.0` }),
      'identity_mismatch',
    ],
    [
      'of the older kind of issuer',
      () => sign({ ...good, iss: `https://sts.windows.net/${tenantId}/` }),
      'identity_mismatch',
    ],
    ['without an issuer', () => sign(without('iss')), 'identity_mismatch'],
    ['without an audience', () => sign(without('aud')), 'identity_mismatch'],
    ['that has expired', () => sign({ ...good, exp: seconds - 301 }), 'identity_mismatch'],
    ['that never expires', () => sign(without('exp')), 'identity_mismatch'],
    ['that is not valid yet', () => sign({ ...good, nbf: seconds + 301 }), 'identity_mismatch'],
    ['without the time of its making', () => sign(without('iat')), 'identity_mismatch'],
    ['without a directory', () => sign({ ...good, tid: undefined }), 'wrong_tenant'],
    ['with an empty object id', () => sign({ ...good, oid: '' }), 'identity_mismatch'],
    ['with another nonce', () => sign({ ...good, nonce: 'nonce-2' }), 'identity_mismatch'],
    ['without a nonce', () => sign({ ...good, nonce: undefined }), 'identity_mismatch'],
    ['without an object id', () => sign({ ...good, oid: undefined }), 'identity_mismatch'],
    ['of another directory', () => sign({ ...good, tid: foreignId }), 'wrong_tenant'],
    [
      'of another directory, signed elsewhere',
      () => sign({ ...good, tid: foreignId }, unknown.privateKey),
      'wrong_tenant',
    ],
    ['that is no token', async () => 'nonsense', 'identity_mismatch'],
  ])('%s is refused', async (_name, token, cause) => {
    expect(await errorOf(complete(await token()))).toMatchObject({
      name: 'AuthorizationRefused',
      reason: cause,
    })
  })

  test('may be as much off as two clocks are: five minutes, and no more', async () => {
    expect((await complete(await sign({ ...good, exp: seconds - 299 }))).authorizedBy).toBe(good.oid)
    expect((await complete(await sign({ ...good, nbf: seconds + 299 }))).authorizedBy).toBe(good.oid)
  })

  test('names its directory in upper or lower case', async () => {
    expect((await complete(await sign({ ...good, tid: tenantId.toUpperCase() }))).authorizedBy).toBe(good.oid)
  })

  test('is still accepted when the keys come at the third attempt, and put off after that', async () => {
    keyFailures = 2
    expect((await complete(await sign(good))).authorizedBy).toBe(good.oid)
    keyFailures = 3
    expect(await errorOf(complete(await sign(good)))).toMatchObject({ reason: 'source_unavailable' })
  })
})

describe('the granted scopes', () => {
  test('may be fewer than asked: what is missing is named', async () => {
    const done = await complete(await sign(good), 'User.Read.All https://graph.microsoft.com/policy.read.all')
    expect(done.grant).toEqual({
      granted: ['Policy.Read.All', 'User.Read.All'],
      missing: ['AuditLog.Read.All', 'IdentityRiskyUser.Read.All'],
      excess: [],
    })
  })

  test('must hold at least one of the four', async () => {
    expect(await errorOf(complete(await sign(good), 'User.Read'))).toMatchObject({ reason: 'scope_missing' })
  })
})
