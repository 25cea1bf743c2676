import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { EntraStandIn } from '../../sandbox/entra/start-entra.ts'
import { connect, redeem, standInIds, useStandIn } from '../support/stand-in.ts'

const folders: string[] = []
// The stand-in is stopped before: what is to be cleaned up last is named first.
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})
const start = useStandIn(new Date('2026-03-01T10:00:00Z'))

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

  test('other collections keep to $select as well', async () => {
    const { entra } = await start()
    const graph = await connect(entra)
    for (const path of [paths.registration, paths.riskyUsers, paths.policies, paths.signIns]) {
      const rows = await graph.all(`${path}?$select=id`)
      expect(rows.length).toBeGreaterThan(0)
      for (const row of rows) expect(Object.keys(row)).toEqual(['id'])
    }
  })

  test('what comes while pages are read shifts no row from one page to another', async () => {
    const { entra } = await start({ size: 3000, lateArrivals: true })
    const graph = await connect(entra)
    const filter =
      "createdDateTime ge 2026-02-20T00:00:00Z and (riskState eq 'remediated' or riskState eq 'atRisk')"
    const first = await graph.get(`/auditLogs/signIns?$filter=${encodeURIComponent(filter)}&$top=3`)
    const rest = graph.nextPath(first.body) ?? ''
    const before = await graph.all(rest)
    entra.setClock(new Date('2026-03-01T10:50:00Z'))
    expect(await graph.all(rest)).toEqual(before)
    const newer = await graph.all(`/auditLogs/signIns?$filter=${encodeURIComponent(filter)}`)
    expect(newer.map(row => row.id)).not.toEqual(before.map(row => row.id))
  })

  test('a directory of a million accounts is not held to be read', async () => {
    const million = 1_000_000
    const { entra } = await start({ size: million })
    const graph = await connect(entra)
    const before = process.memoryUsage().heapUsed
    const count = await graph.get('/users/$count', { ConsistencyLevel: 'eventual' })
    expect(count.body).toBe(million)
    const token = (position: number) =>
      Buffer.from(`/v1.0/users ${position} ${entra.now().getTime()}`).toString('base64url')
    const ids = new Set<unknown>()
    for (const position of [0, 499_500, million - 100]) {
      const { body } = await graph.get(`${paths.users}&$skiptoken=${token(position)}`)
      const isLast = position === million - 100
      expect(graph.nextPath(body) === undefined).toBe(isLast)
      for (const { id } of z.object({ value: z.array(z.object({ id: z.string() })) }).parse(body).value)
        ids.add(id)
    }
    expect(ids.size).toBe(999 + 999 + 100)
    // A million accounts as objects take more than a hundred times as much.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(30_000_000)
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
