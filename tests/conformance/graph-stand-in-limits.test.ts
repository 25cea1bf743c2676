import { expect, test } from 'vitest'
import { z } from 'zod'
import { createThrottle } from '../../sandbox/entra/graph/throttle.ts'
import type { EntraStandIn } from '../../sandbox/entra/start-entra.ts'
import { createTenant } from '../../sandbox/entra/tenant.ts'
import { limits } from '../../server/connectors/entra/graph/pace.ts'
import { describeReference, readReference } from '../support/reference-data.ts'
import { connect, standInIds, standInSpec, useStandIn } from '../support/stand-in.ts'

const file = 'graph/throttling.json'
const noon = new Date('2026-03-01T12:00:00Z')
const secondClientId = '99999999-8888-7777-6666-111111111111'

const standIn = useStandIn(noon)

const paths = {
  reports: '/reports/authenticationMethods/userRegistrationDetails?$top=1',
  signIns: '/auditLogs/signIns?$top=1',
  activity: '/users?$select=id,signInActivity&$top=1',
  protection: '/identityProtection/riskyUsers?$top=1',
  policies: '/identity/conditionalAccess/policies',
}

async function start(size = 60) {
  const apps = standInSpec().apps.flatMap(app => [app, { ...app, clientId: secondClientId }])
  const { entra } = await standIn({ size, apps })
  const graph = await connect(entra)
  await control(entra, 'throttles', { isEnforced: true })
  return { entra, graph, at: (seconds: number) => entra.setClock(new Date(noon.getTime() + seconds * 1000)) }
}

async function control(entra: EntraStandIn, path: string, body: unknown): Promise<unknown> {
  const response = await fetch(`${entra.origin}/_control/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  })
  expect(response.status).toBe(200)
  return response.json()
}

describeReference('the stand-in keeps Graph’s documented limits', file, () => {
  const { limits: published } = z
    .object({ limits: z.array(z.object({ service: z.string(), scope: z.string(), limit: z.string() })) })
    .parse(readReference(file))

  /** The numbers in "5 requests / 10 s". */
  function documented(service: string): { requests: number; seconds: number } {
    const entry = published.find(
      each => each.service.startsWith(service) && each.scope.includes('per tenant'),
    )
    const [, requests, span, unit] = /^(\d+) requests? \/ (\d+) (s|min)$/.exec(entry?.limit ?? '') ?? []
    if (!requests || !span) throw new Error(`no limit is published for ${service}`)
    return { requests: Number(requests), seconds: Number(span) * (unit === 'min' ? 60 : 1) }
  }

  test.each([
    ['identity and access reports', [paths.reports, paths.signIns], true],
    ['identity protection and conditional access', [paths.protection, paths.policies], false],
  ] as const)('%s', async (service, asked, saysWhen) => {
    const { requests, seconds } = documented(service)
    const { graph, at } = await start()
    for (let count = 0; count < requests; count += 1) {
      expect((await graph.get(asked[count % asked.length] ?? '')).status).toBe(200)
    }
    const refused = await graph.get(asked[requests % asked.length] ?? '')
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe(saysWhen ? String(seconds) : null)
    at(seconds)
    // The refused one counts.
    const later = await Promise.all(Array.from({ length: requests }, () => graph.get(asked[0])))
    expect(later.map(({ status }) => status)).toEqual(Array.from({ length: requests }, () => 200))
  })

  test('sign-in activity, which counts among the reports too', async () => {
    const activity = documented('signInActivity')
    const reports = documented('identity and access reports')
    const { graph, at } = await start()
    for (let count = 0; count < activity.requests; count += 1) {
      at(Math.floor(count / reports.requests) * reports.seconds)
      expect((await graph.get(paths.activity)).status).toBe(200)
    }
    // No room among the reports after five of them, and none for an eleventh once there is.
    expect((await graph.get(paths.reports)).headers.get('retry-after')).toBe(String(reports.seconds))
    at(reports.seconds * 2)
    expect((await graph.get(paths.reports)).status).toBe(200)
    expect((await graph.get(paths.activity)).headers.get('retry-after')).toBe(
      String(activity.seconds - reports.seconds * 2),
    )
  })

  test.each([40, 400, 600])('resource units of a directory of %i users', size => {
    const { limit } = published.find(each => each.service.startsWith('identity and access (user')) ?? {
      limit: '',
    }
    const [, small, medium, large] =
      /S\(<50 users\) (\d+), M\(50-500\) (\d+), L\(>500\) (\d+) resource units \/ 10 s/.exec(limit) ?? []
    const units = Number(size < 50 ? small : size <= 500 ? medium : large)
    const judge = createThrottle({ now: () => noon })
    const tenant = createTenant(standInSpec({ size }), { now: () => noon })
    const isRefused = (query: string) =>
      judge(tenant, standInIds.clientId, '/v1.0/users', new URLSearchParams(query)) !== null
    // Without a selection, and with a page of 20 or more, a request costs two units.
    const answers = Array.from({ length: units / 2 }, () => isRefused('$top=20'))
    expect(answers).not.toContain(true)
    expect(isRefused('$select=id&$top=20')).toBe(true)
  })

  test('what is counted over all applications, and what by each', async () => {
    const { entra, graph } = await start()
    const second = await connect(entra, { clientId: secondClientId })
    expect((await graph.get(paths.protection)).status).toBe(200)
    expect((await second.get(paths.policies)).status).toBe(429)
    await Promise.all(Array.from({ length: 5 }, () => graph.get(paths.reports)))
    expect((await second.get(paths.reports)).status).toBe(200)
    expect((await graph.get(paths.reports)).status).toBe(429)
  })

  test('and the connector asks for no more than that', () => {
    const pairs = [
      ['identity and access reports', limits.reports],
      ['identity protection and conditional access', limits.protection],
      ['signInActivity', limits.activity],
    ] as const
    for (const [service, { requests, per }] of pairs) {
      const allowed = documented(service)
      expect(requests / per).toBeLessThanOrEqual(allowed.requests / (allowed.seconds * 1000))
    }
    expect((limits.directory.requests * 2) / limits.directory.per).toBeLessThan(3_500 / 10_000)
  })
})

test('limits and the clock are moved by other processes through the control paths', async () => {
  const { entra, graph } = await start()
  expect((await graph.get(paths.protection)).status).toBe(200)
  expect((await graph.get(paths.protection)).status).toBe(429)
  await control(entra, 'clock', { now: new Date(noon.getTime() + 1_000).toISOString() })
  expect((await graph.get(paths.protection)).status).toBe(200)
  await control(entra, 'throttles', { isEnforced: false })
  expect((await graph.get(paths.protection)).status).toBe(200)
  expect(await control(entra, 'clock', { skew: -3_600_000 })).toEqual({ now: '2026-03-01T11:00:01.000Z' })
  const { headers } = await graph.get('/nothing')
  expect(headers.get('date')).toBe('Sun, 01 Mar 2026 11:00:01 GMT')
  expect(entra.tenant(standInIds.tenantId).requests.at(-1)?.at).toEqual(new Date('2026-03-01T11:00:01Z'))
})
