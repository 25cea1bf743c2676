import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { type EntraStandIn, startEntra } from '../../sandbox/entra/start-entra.ts'
import type { StartEntraOptions, TenantSpec } from '../../sandbox/entra/types.ts'
import { connect, redeem, standInIds, standInSpec } from '../support/stand-in.ts'

const running: EntraStandIn[] = []
const folders: string[] = []

afterEach(async () => {
  for (const entra of running.splice(0)) await entra.stop()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

async function start(spec: Partial<TenantSpec> = {}, options: Partial<StartEntraOptions> = {}) {
  const entra = await startEntra({ tenants: [standInSpec(spec)], ...options })
  running.push(entra)
  entra.setClock(new Date('2026-03-01T10:00:00Z'))
  return { entra, tenant: entra.tenant(standInIds.tenantId) }
}

const paths = {
  users: '/users?$select=id,accountEnabled&$top=999',
  activity: '/users?$select=id,signInActivity&$top=500',
  registration: '/reports/authenticationMethods/userRegistrationDetails',
  defaults: '/policies/identitySecurityDefaultsEnforcementPolicy',
  policies: '/identity/conditionalAccess/policies',
  riskyUsers: '/identityProtection/riskyUsers',
  signIns: '/auditLogs/signIns',
}

const premium = 'Authentication_RequestFromNonPremiumTenantOrB2CTenant'
const permission = 'Authentication_MSGraphPermissionMissing'

describe('who may read what', () => {
  test.each([
    ['none', { activity: premium, registration: premium, signIns: premium, riskyUsers: 'Forbidden' }],
    ['P1', { riskyUsers: 'Forbidden' }],
    ['P2', {}],
  ] as const)('with licence %s', async (licence, refused: Record<string, string>) => {
    const { entra } = await start({ licence })
    const graph = await connect(entra)
    for (const [name, path] of Object.entries(paths)) {
      const { status, body } = await graph.get(path)
      expect([name, status]).toEqual([name, refused[name] ? 403 : 200])
      if (refused[name]) expect(body).toMatchObject({ error: { code: refused[name] } })
    }
  })

  test.each([
    ['User.Read.All', { users: 'Authorization_RequestDenied', activity: 'Authorization_RequestDenied' }],
    ['AuditLog.Read.All', { activity: permission, registration: permission, signIns: permission }],
    ['Policy.Read.All', { defaults: 'AccessDenied', policies: 'AccessDenied' }],
    ['IdentityRiskyUser.Read.All', { riskyUsers: 'AccessDenied' }],
  ] as const)('without %s', async (scope, refused: Record<string, string>) => {
    const { entra, tenant } = await start()
    const graph = await connect(entra)
    tenant.setGrantedScopes(tenant.app().grantedScopes.filter(each => each !== scope))
    // The consent that is missing shows at the next token, not in the running one.
    const more = { scope: 'openid' }
    const fresh = await redeem(entra, { refreshToken: graph.refreshToken }, standInIds.tenantId, more)
    const headers = { authorization: `Bearer ${fresh.body.access_token}` }
    for (const [name, path] of Object.entries(paths)) {
      const { status, body } = await graph.get(path, headers)
      expect([name, status]).toEqual([name, refused[name] ? 403 : 200])
      if (refused[name]) expect(body).toMatchObject({ error: { code: refused[name] } })
    }
  })

  test('a member without a role reads users and security defaults alone, a guest not even users', async () => {
    const { entra } = await start()
    const member = await connect(entra, { account: 'user' })
    const guest = await connect(entra, { account: 'guest' })
    const statuses = async (graph: typeof member) =>
      Object.fromEntries(
        await Promise.all(
          Object.entries(paths).map(async ([name, path]) => [name, (await graph.get(path)).status]),
        ),
      )
    const roleNeeded = { registration: 403, policies: 403, riskyUsers: 403, signIns: 403, defaults: 200 }
    expect(await statuses(member)).toEqual({ ...roleNeeded, users: 200, activity: 200 })
    expect(await statuses(guest)).toEqual({ ...roleNeeded, users: 403, activity: 403 })
  })

  test('tokens that are unknown, expired or revoked are refused with 401', async () => {
    const { entra, tenant } = await start()
    const graph = await connect(entra)
    const unknown = await graph.get(paths.users, { authorization: 'Bearer nonsense' })
    expect(unknown).toMatchObject({ status: 401, body: { error: { code: 'InvalidAuthenticationToken' } } })
    entra.setClock(new Date('2026-03-01T11:00:00Z'))
    expect((await graph.get(paths.users)).status).toBe(401)
    entra.setClock(new Date('2026-03-01T10:30:00Z'))
    expect((await graph.get(paths.users)).status).toBe(200)
    tenant.revokeSessions()
    expect((await graph.get(paths.users)).status).toBe(401)
  })

  test('nothing but GET is answered', async () => {
    const { entra } = await start()
    const graph = await connect(entra)
    const response = await fetch(`${entra.origin}/v1.0/users`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${graph.accessToken}` },
    })
    expect(response.status).toBe(405)
  })
})

describe('reading collections', () => {
  test('pages add up to the count, without a repeat', async () => {
    const { entra, tenant } = await start({ size: 213, churn: true })
    tenant.addUser({ displayName: 'Late addition', userPrincipalName: 'late@contoso.example' })
    tenant.removeUser(20)
    const graph = await connect(entra)
    const ids = (await graph.all('/users?$select=id&$top=50')).map(user => user.id)
    expect(new Set(ids).size).toBe(ids.length)
    const count = await graph.get('/users/$count', { ConsistencyLevel: 'eventual' })
    expect(count.headers.get('content-type')).toBe('text/plain')
    expect(Number(count.body)).toBe(ids.length)
    expect((await graph.get('/users/$count')).status).toBe(400)
  })

  test('without $select the state of an account does not come', async () => {
    const { entra } = await start()
    const [user] = await (await connect(entra)).all('/users?$top=5')
    expect(user).toHaveProperty('displayName')
    expect(user).not.toHaveProperty('accountEnabled')
    expect(user).not.toHaveProperty('userType')
  })

  test('the registration report leaves out exactly the disabled accounts', async () => {
    const { entra } = await start({ size: 300 })
    const graph = await connect(entra)
    const users = await graph.all(paths.users)
    const enabled = users.filter(user => user.accountEnabled).map(user => user.id)
    const rows = await graph.all(paths.registration)
    expect(rows.map(row => row.id)).toEqual(enabled)
    expect(users.length).toBeGreaterThan(enabled.length)
  })

  test('sign-ins are newest first, in the window, in the asked states, and the same when asked again', async () => {
    const { entra } = await start({ size: 3000 })
    const graph = await connect(entra)
    const filter =
      "createdDateTime ge 2026-02-10T00:00:00Z and createdDateTime le 2026-02-20T12:00:00Z and (riskState eq 'remediated' or riskState eq 'dismissed')"
    const path = `/auditLogs/signIns?$filter=${encodeURIComponent(filter)}&$top=7`
    const rows = await graph.all(path)
    const times = rows.map(row => String(row.createdDateTime))
    expect(rows.length).toBeGreaterThan(7)
    expect(times).toEqual([...times].sort().reverse())
    expect(times.every(time => time >= '2026-02-10' && time <= '2026-02-20T12:00:00Z')).toBe(true)
    expect(new Set(rows.map(row => row.riskState))).toEqual(new Set(['remediated', 'dismissed']))
    expect(await graph.all(path)).toEqual(rows)
    const refused = await graph.get(`/auditLogs/signIns?$filter=${encodeURIComponent("riskState ne 'none'")}`)
    expect(refused.status).toBe(400)
  })

  test('without P2 the level of a risk is hidden', async () => {
    const { entra } = await start({ licence: 'P1', size: 3000 })
    const rows = await (await connect(entra)).all(
      `/auditLogs/signIns?$filter=${encodeURIComponent("riskState eq 'remediated'")}`,
    )
    expect(new Set(rows.map(row => row.riskLevelDuringSignIn))).toEqual(new Set(['hidden']))
  })

  test('documented throttles hold on the stand-in’s clock', async () => {
    const { entra } = await start({}, { enforceThrottles: true })
    const graph = await connect(entra)
    expect((await graph.get(paths.policies)).status).toBe(200)
    const refused = await graph.get(paths.riskyUsers)
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBeNull()
    entra.setClock(new Date('2026-03-01T10:00:02Z'))
    expect((await graph.get(paths.riskyUsers)).status).toBe(200)
    const reports = await Promise.all(Array.from({ length: 6 }, () => graph.get(paths.registration)))
    expect(reports.filter(answer => answer.status === 429)).toHaveLength(1)
    expect(reports.find(answer => answer.status === 429)?.headers.get('retry-after')).toBe('10')
  })
})

describe('faults', () => {
  test.each([
    [
      { kind: 'throttle', retryAfter: 2.128 },
      { status: 429, retryAfter: '2.128' },
    ],
    [
      { kind: 'throttle', retryAfter: null },
      { status: 429, retryAfter: null },
    ],
    [
      { kind: 'throttle', retryAfter: 'Sun, 01 Mar 2026 10:00:30 GMT' },
      { status: 429, retryAfter: 'Sun, 01 Mar 2026 10:00:30 GMT' },
    ],
    [{ kind: 'status', status: 502 }, { status: 502 }],
    [
      { kind: 'status', status: 403, body: { error: { code: 'Custom' } } },
      { status: 403, body: { error: { code: 'Custom' } } },
    ],
    [{ kind: 'html-200' }, { status: 200, body: expect.stringContaining('<!doctype html>') }],
    [{ kind: 'empty-body' }, { status: 200, body: '' }],
    [{ kind: 'truncated-json' }, { status: 200, body: expect.stringMatching(/^\{"@odata/) }],
    [
      { kind: 'missing-value' },
      { status: 200, body: expect.not.objectContaining({ value: expect.anything() }) },
    ],
    [
      { kind: 'foreign-next-link' },
      {
        status: 200,
        body: expect.objectContaining({
          '@odata.nextLink': expect.stringMatching(/^https:\/\/graph\.example\.net/),
        }),
      },
    ],
    [
      { kind: 'loop-next-link' },
      {
        status: 200,
        body: expect.objectContaining({
          '@odata.nextLink': `https://graph.microsoft.com/v1.0${paths.users}`,
        }),
      },
    ],
    [
      { kind: 'claims-challenge' },
      { status: 401, challenge: expect.stringContaining('insufficient_claims') },
    ],
    [{ kind: 'slow', delayMs: 5 }, { status: 200 }],
  ] as const)('%o happens as often as asked, then the answer is good again', async (fault, seen) => {
    const { entra, tenant } = await start()
    const graph = await connect(entra)
    tenant.fault({ ...fault, path: '/users', times: 1 })
    const answer = await graph.get(paths.users)
    const retryAfter = answer.headers.get('retry-after')
    expect({ ...answer, retryAfter, challenge: answer.headers.get('www-authenticate') }).toMatchObject(seen)
    const after = await graph.get(paths.users)
    expect(after.status).toBe(200)
    expect(graph.nextPath(after.body)).toBeUndefined()
  })

  test('a reset cuts the connection and a stall never ends', async () => {
    const { entra, tenant } = await start()
    const graph = await connect(entra)
    tenant.fault({ kind: 'reset', times: 1 })
    await expect(graph.get(paths.users)).rejects.toThrow()
    tenant.fault({ kind: 'stall', times: 1, delayMs: 20 })
    await expect(graph.get(paths.users)).rejects.toThrow()
    tenant.fault({ kind: 'wrong-count', path: /\$count/, by: 40, times: 1 })
    expect((await graph.get('/users/$count', { ConsistencyLevel: 'eventual' })).body).toBe(100)
    expect(
      tenant.requests.filter(request => request.method === 'GET').map(request => request.status),
    ).toEqual([0, 0, 200])
  })

  test('another process drives clock, faults and directory through the control paths', async () => {
    const { entra, tenant } = await start()
    const post = async (path: string, body: unknown) => {
      const response = await fetch(`${entra.origin}/_control/${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
      })
      expect(response.status).toBe(200)
      return response.json()
    }
    expect(await post('clock', { now: '2026-04-01T00:00:00Z' })).toEqual({ now: '2026-04-01T00:00:00.000Z' })
    const graph = await connect(entra)
    await post(`tenants/${tenant.id}/fault`, { kind: 'status', status: 503, path: '/users', times: 1 })
    expect((await graph.get(paths.users)).status).toBe(503)
    await post(`tenants/${tenant.id}/set-user`, { user: 12, patch: { accountEnabled: false } })
    expect(tenant.directory.userAt(12, entra.now())?.accountEnabled).toBe(false)
    const unknown = await fetch(`${entra.origin}/_control/tenants/${tenant.id}/explode`, { method: 'POST' })
    expect(unknown.status).toBe(404)
    const requests = await (await fetch(`${entra.origin}/_control/tenants/${tenant.id}/requests`)).json()
    expect(requests).toContainEqual(expect.objectContaining({ status: 503 }))
  })
})

describe('a restart', () => {
  test('keeps refresh tokens and keys when a state file is given', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'entra-'))
    folders.push(folder)
    const statePath = join(folder, 'state.json')
    const first = await start({}, { statePath })
    const graph = await connect(first.entra)
    const keysOf = async (entra: EntraStandIn) =>
      (await fetch(`${entra.origin}/${standInIds.tenantId}/discovery/v2.0/keys`)).json()
    const keys = await keysOf(first.entra)
    await first.entra.stop()
    const second = await start({}, { statePath })
    expect(await keysOf(second.entra)).toEqual(keys)
    const refreshed = await redeem(second.entra, { refreshToken: graph.refreshToken })
    expect(refreshed).toMatchObject({ status: 200, body: { token_type: 'Bearer' } })
  })
})
