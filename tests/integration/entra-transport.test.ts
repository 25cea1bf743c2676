import { afterEach, describe, expect, test } from 'vitest'
import { createRetryBudget } from '../../server/connectors/entra/backoff.ts'
import { createGraphReader } from '../../server/connectors/entra/graph/client.ts'
import { createPaces } from '../../server/connectors/entra/graph/pace.ts'
import { readPages } from '../../server/connectors/entra/graph/pages.ts'
import { RequestTally } from '../../server/connectors/entra/graph/step.ts'
import { createNetwork } from '../../server/connectors/entra/network.ts'
import { Secret } from '../../server/vault/secret.ts'
import {
  connect,
  errorOf,
  jumpingClock,
  open,
  openRun,
  openScene,
  readAll,
  type Scene,
  storeOf,
  tenantOf,
  tenantSpec,
} from '../support/entra.ts'

let scene: Scene
afterEach(() => scene.entra.stop())

const requestsTo = (part: string) => tenantOf(scene).requests.filter(({ url }) => url.includes(part))

describe('throttling and failures', () => {
  test.each([
    ['seconds', 7, 7_000],
    ['decimal seconds', 2.128, 2_128],
    ['a date', 'Mon, 10 Mar 2025 09:01:00 GMT', 55_000],
  ])('a Retry-After in %s is honoured', async (_name, retryAfter, atLeast) => {
    scene = await openScene()
    const reads = await openRun(scene)
    tenantOf(scene).fault({ kind: 'throttle', retryAfter, times: 1, path: 'conditionalAccess' })
    const { provenance } = await readAll(reads, 'conditional_access_policies')
    expect(provenance.retries).toBe(1)
    expect(Math.max(...scene.clock.slept)).toBeGreaterThanOrEqual(atLeast)
    expect(Math.max(...scene.clock.slept)).toBeLessThan(atLeast + 6_000)
  })

  test('a throttle without Retry-After is waited out with growing pauses', async () => {
    scene = await openScene()
    const reads = await openRun(scene)
    tenantOf(scene).fault({ kind: 'throttle', retryAfter: null, times: 5, path: 'conditionalAccess' })
    expect((await readAll(reads, 'conditional_access_policies')).provenance.retries).toBe(5)
  })

  test('a throttle that outlasts the budget fails the kind as throttled, and the others still come', async () => {
    scene = await openScene()
    const reads = await openRun(scene)
    tenantOf(scene).fault({ kind: 'throttle', retryAfter: 200, path: 'riskyUsers' })
    expect(await errorOf(readAll(reads, 'risky_users'))).toMatchObject({ reason: 'throttled', status: 429 })
    expect(requestsTo('riskyUsers')).toHaveLength(2)
    expect((await readAll(reads, 'user_inventory')).items).toHaveLength(40)
  })

  test.each([500, 502, 503, 504])('status %i is repeated', async status => {
    scene = await openScene()
    const reads = await openRun(scene)
    tenantOf(scene).fault({ kind: 'status', status, times: 3, path: '/v1.0/users?' })
    expect((await readAll(reads, 'user_inventory')).provenance.retries).toBe(3)
  })

  test('an endpoint that stays down fails its kind and leaves the budget of the others alone', async () => {
    scene = await openScene()
    const reads = await openRun(scene)
    tenantOf(scene).fault({ kind: 'status', status: 503, path: 'conditionalAccess' })
    expect(await errorOf(readAll(reads, 'conditional_access_policies'))).toMatchObject({
      reason: 'unavailable',
      status: 503,
    })
    tenantOf(scene).fault({ kind: 'reset', times: 4, path: 'riskyUsers' })
    expect((await readAll(reads, 'risky_users')).provenance.retries).toBe(4)
  })

  test('a broken connection is repeated', async () => {
    scene = await openScene()
    const reads = await openRun(scene)
    tenantOf(scene).fault({ kind: 'reset', times: 2, path: 'userRegistrationDetails' })
    expect((await readAll(reads, 'mfa_registration')).provenance.retries).toBe(2)
  })

  test('a body that stalls is given up after the time limit and repeated', async () => {
    scene = await openScene(tenantSpec(), { connector: { timeout: 150 } })
    const reads = await openRun(scene)
    tenantOf(scene).fault({ kind: 'stall', times: 1, path: 'conditionalAccess' })
    expect((await readAll(reads, 'conditional_access_policies')).provenance.retries).toBe(1)
  })
})

describe('an answer that would make evidence short', () => {
  test.each([
    ['a page instead of data', 'html-200'],
    ['an empty body', 'empty-body'],
    ['a list that is missing', 'missing-value'],
    ['a link to the same page', 'loop-next-link'],
    ['a link to another host', 'foreign-next-link'],
    ['data that breaks off', 'truncated-json'],
  ] as const)('%s fails the kind', async (_name, kind) => {
    scene = await openScene(tenantSpec({ size: 1_500 }))
    const reads = await openRun(scene)
    tenantOf(scene).fault({ kind, path: '/v1.0/users?' })
    const error = await errorOf(readAll(reads, 'user_inventory'))
    expect(error).toMatchObject({ name: 'EvidenceReadFailed' })
    expect(error).toHaveProperty(
      'reason',
      expect.stringMatching(kind === 'truncated-json' ? /malformed|unavailable/ : /malformed/),
    )
  })

  test.each([
    ['another collection', 'https://graph.microsoft.com/v1.0/auditLogs/signIns?$skiptoken=x'],
    ['another scheme', 'http://graph.microsoft.com/v1.0/users?$skiptoken=x'],
    ['a host that only begins alike', 'https://graph.microsoft.com.example.net/v1.0/users?$skiptoken=x'],
    ['another port', 'https://graph.microsoft.com:8443/v1.0/users?$skiptoken=x'],
    ['credentials', 'https://me:you@graph.microsoft.com/v1.0/users?$skiptoken=x'],
    ['an expansion', 'https://graph.microsoft.com/v1.0/users?$expand=manager&$skiptoken=x'],
    ['nothing', 'nowhere'],
  ])('a link to %s is not followed', async (_name, link) => {
    scene = await openScene()
    const reads = await openRun(scene)
    const body = { value: [{ id: '00000000-0000-0000-0000-000000000001' }], '@odata.nextLink': link }
    tenantOf(scene).fault({ kind: 'status', status: 200, body, path: '/v1.0/users?' })
    expect(await errorOf(readAll(reads, 'user_inventory'))).toMatchObject({ reason: 'malformed' })
    expect(tenantOf(scene).requests.filter(({ url }) => url.includes('skiptoken=x'))).toEqual([])
  })

  test('a row of another shape fails the kind, naming the field and not the value', async () => {
    scene = await openScene()
    const reads = await openRun(scene)
    const body = { value: [{ id: 'a', displayName: { secret: 'personal' } }] }
    tenantOf(scene).fault({ kind: 'status', status: 200, body, path: '/v1.0/users?' })
    const error = await errorOf(readAll(reads, 'user_inventory'))
    expect(error).toMatchObject({ reason: 'malformed', explanation: expect.stringContaining('displayName') })
    expect(String(error)).not.toContain('personal')
  })
})

describe('the run', () => {
  test('stops at once when it is aborted, with the reason given', async () => {
    scene = await openScene(tenantSpec({ size: 5_000 }))
    const controller = new AbortController()
    const { tokenCache } = await connect(scene)
    const reads = await open(scene, storeOf(tokenCache), { signal: controller.signal })
    const stream = reads.read('user_inventory', null)
    await stream.next()
    const reason = new Error('revoked')
    controller.abort(reason)
    expect(
      await errorOf(
        (async () => {
          for (;;) if ((await stream.next()).done) return
        })(),
      ),
    ).toBe(reason)
  })

  test('may be left in the middle of a read', async () => {
    scene = await openScene(tenantSpec({ size: 5_000 }))
    const reads = await openRun(scene)
    for await (const page of reads.read('user_inventory', null)) {
      expect([page.page, page.items.length]).toEqual([1, 100])
      break
    }
    expect((await readAll(reads, 'security_defaults')).items).toHaveLength(1)
  })

  test('keeps the documented pace, so that an enforced limit is never met', async () => {
    const clock = jumpingClock()
    scene = await openScene(tenantSpec({ size: 9_000 }), { standIn: { enforceThrottles: true } })
    const reads = await openRun(scene)
    await readAll(reads, 'mfa_registration')
    await readAll(reads, 'conditional_access_policies')
    await readAll(reads, 'risky_users')
    await readAll(reads, 'user_inventory')
    await readAll(reads, 'risky_sign_ins', { from: new Date('2025-03-01T00:00:00Z'), to: clock.now() })
    expect(tenantOf(scene).requests.filter(({ status }) => status === 429)).toEqual([])
  })
})

describe('the guard', () => {
  const reader = async (origin = 'https://graph.microsoft.com') => {
    scene = await openScene()
    const warnings: unknown[] = []
    const clock = jumpingClock()
    const token = new Secret('token')
    return {
      warnings,
      graph: createGraphReader({
        origin,
        tokens: {
          grant: { granted: [], missing: [], excess: [] },
          current: async () => token,
          replace: async () => token,
        },
        network: createNetwork({ graphOrigin: scene.entra.origin, loginOrigin: scene.entra.origin }),
        clock,
        budget: createRetryBudget({ clock }),
        pace: createPaces().of({ externalTenantId: 'any', clientId: 'any', cloud: 'global' }),
        logger: { info: () => {}, warn: (...entry: unknown[]) => warnings.push(entry) },
      }),
    }
  }

  test.each([
    'https://graph.microsoft.com/v1.0/me',
    'https://graph.microsoft.com/v1.0/users/7f0f0f0f-1111-4222-8333-444444444444',
    'https://graph.microsoft.com/beta/users',
    'https://graph.microsoft.com/v1.0/users/../directoryRoles',
    'https://graph.microsoft.com/v1.0/users%2f..%2fgroups',
    'https://graph.microsoft.com/v1.0/identityProtection/riskDetections',
    'https://graph.microsoft.com/v1.0/users?$expand=manager',
    'https://graph.microsoft.us/v1.0/users',
    'https://login.microsoftonline.com/v1.0/users',
    'https://example.net/v1.0/users',
  ])('refuses and logs %s, and sends nothing', async url => {
    const { graph, warnings } = await reader()
    const { signal } = new AbortController()
    expect(await errorOf(graph.get(url, { signal, tally: new RequestTally() }))).toMatchObject({
      name: 'RequestRefused',
    })
    expect(warnings).toHaveLength(1)
    expect(JSON.stringify(warnings)).not.toContain('token')
    expect(tenantOf(scene).requests).toEqual([])
  })

  test('stops a collection that never ends', async () => {
    const { graph } = await reader()
    let calls = 0
    const endless = {
      ...graph,
      get: async () => {
        calls += 1
        return Response.json({
          value: [],
          '@odata.nextLink': `https://graph.microsoft.com/v1.0/users?$skiptoken=${calls}`,
        })
      },
    }
    const needs = {
      subject: 'the list of users',
      scopes: ['User.Read.All'],
      licence: null,
      granted: ['User.Read.All'],
    }
    const pages = readPages('https://graph.microsoft.com/v1.0/users', {
      graph: endless,
      needs,
      signal: new AbortController().signal,
      tally: new RequestTally(),
      onAnswer: () => {},
      maxPages: 50,
    })
    expect(
      await errorOf(
        (async () => {
          for await (const _rows of pages);
        })(),
      ),
    ).toMatchObject({ reason: 'malformed' })
    expect(calls).toBe(50)
  })
})
