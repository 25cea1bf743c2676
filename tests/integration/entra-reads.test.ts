import { afterEach, describe, expect, test } from 'vitest'
import type { FeedWindow } from '../../server/connectors/contract.ts'
import { itemSchemas } from '../../server/domain/evidence/items.ts'
import { type EvidenceKind, evidenceKinds } from '../../server/domain/evidence/kinds.ts'
import { errorOf, openRun, openScene, readAll, type Scene, tenantOf, tenantSpec } from '../support/entra.ts'

let scene: Scene
afterEach(() => scene.entra.stop())

const month: FeedWindow = { from: new Date('2025-02-09T09:00:00Z'), to: new Date('2025-03-10T09:00:00Z') }
const counted: EvidenceKind[] = ['user_inventory', 'sign_in_activity']
const windowOf = (kind: EvidenceKind) => (kind === 'risky_sign_ins' ? month : null)

describe('every kind', () => {
  test.each(evidenceKinds)(
    '%s comes in the shape that the domain expects, with unique lower-case keys',
    async kind => {
      scene = await openScene(tenantSpec({ size: 1_300, churn: true }))
      const { items, provenance } = await readAll(await openRun(scene), kind, windowOf(kind))
      for (const { item } of items) itemSchemas[kind].parse(item)
      expect(items.length).toBeGreaterThan(0)
      expect(new Set(items.map(({ subjectKey }) => subjectKey)).size).toBe(items.length)
      for (const { subjectKey } of items) {
        expect(subjectKey).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
      }
      expect(provenance.requestIds.length).toBe(provenance.pages + (counted.includes(kind) ? 1 : 0))
      expect(provenance.request).toMatch(/^GET https:\/\/graph\.microsoft\.com\/v1\.0\//)
      expect(provenance).toMatchObject({ collectorVersion: 'test', retries: 0, rows: items.length })
      expect(provenance.lastResponseAt.getTime()).toBeGreaterThanOrEqual(provenance.firstResponseAt.getTime())
    },
  )

  test('gives the same items when nothing changed', async () => {
    scene = await openScene()
    const reads = await openRun(scene)
    for (const kind of evidenceKinds) {
      const [first, second] = [
        await readAll(reads, kind, windowOf(kind)),
        await readAll(reads, kind, windowOf(kind)),
      ]
      expect(second.items).toEqual(first.items)
    }
  })

  test('is read with GET only, on the paths of the manifest', async () => {
    scene = await openScene()
    const reads = await openRun(scene)
    for (const kind of evidenceKinds) await readAll(reads, kind, windowOf(kind))
    const graph = tenantOf(scene).requests.filter(({ url }) => url.startsWith('/v1.0/'))
    expect(new Set(graph.map(({ method }) => method))).toEqual(new Set(['GET']))
    const listed = scene.connector.manifest.reads.map(
      ({ request }) => `/v1.0${request.slice(4).split('?')[0]}`,
    )
    expect(new Set(graph.map(({ url }) => url.split('?')[0]))).toEqual(
      new Set([...listed, '/v1.0/users/$count']),
    )
  })
})

describe('the inventory', () => {
  test('holds every account, disabled ones and guests included, and agrees with the count', async () => {
    scene = await openScene(tenantSpec({ size: 2_500 }))
    const { items, provenance } = await readAll(await openRun(scene), 'user_inventory')
    expect(provenance).toMatchObject({ pages: 3, rows: 2_500, declaredCount: 2_500 })
    const users = items.map(({ item }) => itemSchemas.user_inventory.parse(item))
    expect(users.some(user => user.accountEnabled === false)).toBe(true)
    expect(users.some(user => user.userType === 'Guest')).toBe(true)
    expect(users.some(user => user.createdDateTime === null)).toBe(true)
    expect(users.some(user => user.plans.includes('P2'))).toBe(true)
  })

  test('goes without the accounts that the registration report leaves out', async () => {
    scene = await openScene(tenantSpec({ size: 400 }))
    const reads = await openRun(scene)
    const users = await readAll(reads, 'user_inventory')
    const report = await readAll(reads, 'mfa_registration')
    const disabled = users.items.filter(
      ({ item }) => itemSchemas.user_inventory.parse(item).accountEnabled === false,
    )
    expect(disabled.length).toBeGreaterThan(0)
    const reported = new Set(report.items.map(({ subjectKey }) => subjectKey))
    expect(disabled.filter(({ subjectKey }) => reported.has(subjectKey))).toEqual([])
    expect(report.provenance.reportedAt).not.toBeNull()
    for (const { item } of report.items) expect(item).not.toHaveProperty('lastUpdatedDateTime')
  })

  test('fails as malformed when the count is further off than 1 % and 2 rows, and not before', async () => {
    scene = await openScene(tenantSpec({ size: 40 }))
    const reads = await openRun(scene)
    tenantOf(scene).fault({ kind: 'wrong-count', by: 2 })
    expect((await readAll(reads, 'user_inventory')).items).toHaveLength(40)
    tenantOf(scene).clearFaults()
    tenantOf(scene).fault({ kind: 'wrong-count', by: 3 })
    expect(await errorOf(readAll(reads, 'user_inventory'))).toMatchObject({ reason: 'malformed' })
  })

  test('without a single user is malformed, never an empty snapshot', async () => {
    scene = await openScene()
    tenantOf(scene).fault({ kind: 'status', status: 200, body: { value: [] }, path: '/v1.0/users?' })
    expect(await errorOf(readAll(await openRun(scene), 'user_inventory'))).toMatchObject({
      reason: 'malformed',
    })
  })
})

describe('what may not be read', () => {
  test.each<[EvidenceKind, 'none' | 'P1']>([
    ['mfa_registration', 'none'],
    ['risky_sign_ins', 'none'],
    ['risky_users', 'none'],
    ['risky_users', 'P1'],
  ])('%s with licence %s is a matter of licence', async (kind, licence) => {
    scene = await openScene(tenantSpec({ licence }))
    const reads = await openRun(scene)
    expect(await errorOf(readAll(reads, kind, windowOf(kind)))).toMatchObject({
      reason: 'licence',
      status: 403,
    })
    expect((await readAll(reads, 'user_inventory')).items.length).toBe(40)
    expect((await readAll(reads, 'security_defaults')).items).toHaveLength(1)
  })

  test('risk levels that a P1 directory hides are kept as hidden', async () => {
    scene = await openScene(tenantSpec({ licence: 'P1', size: 300 }))
    const { items } = await readAll(await openRun(scene), 'risky_sign_ins', month)
    for (const { item } of items) {
      expect(itemSchemas.risky_sign_ins.parse(item).riskLevelAggregated).toBe('hidden')
    }
  })

  test.each<[EvidenceKind, string]>([
    ['mfa_registration', 'user'],
    ['risky_users', 'user'],
    ['user_inventory', 'guest'],
  ])('%s by an account without a role (%s) is a matter of role', async (kind, account) => {
    scene = await openScene()
    const error = await errorOf(readAll(await openRun(scene, { account }), kind))
    expect(error).toMatchObject({ reason: 'role', status: 403 })
    expect(error).toHaveProperty('requestId', expect.any(String))
  })

  test('risky users do not exist in China, where nothing is asked', async () => {
    scene = await openScene(tenantSpec({ cloud: 'china' }))
    const reads = await openRun(scene)
    expect(await errorOf(readAll(reads, 'risky_users'))).toMatchObject({ reason: 'unavailable' })
    expect(tenantOf(scene).requests.filter(({ url }) => url.includes('riskyUsers'))).toEqual([])
    const { provenance } = await readAll(reads, 'user_inventory')
    expect(provenance.request).toContain('https://microsoftgraph.chinacloudapi.cn/v1.0/users')
  })

  test.each([
    ['Forbidden', 'Your tenant is not licensed for this feature.', 'licence'],
    [
      'Authentication_RequestFromNonPremiumTenantOrB2CTenant',
      "Neither tenant is B2C or tenant doesn't have premium license",
      'licence',
    ],
    [
      'AccessDenied',
      'You cannot perform the requested operation, required scopes are missing in the token.',
      'scope',
    ],
    [
      'Authentication_MSGraphPermissionMissing',
      'Calling principal does not have required MSGraph permissions',
      'scope',
    ],
    ['Authorization_RequestDenied', 'Insufficient privileges to complete the operation.', 'role'],
  ])('403 %s "%s" is told apart as %s', async (code, message, reason) => {
    scene = await openScene()
    const body = { error: { code, message, innerError: { 'request-id': 'request-1' } } }
    tenantOf(scene).fault({ kind: 'status', status: 403, body, path: 'riskyUsers' })
    const error = await errorOf(readAll(await openRun(scene), 'risky_users'))
    expect(error).toMatchObject({ reason, status: 403, code })
  })

  test.each([400, 404, 501])('status %i fails the kind as unavailable and is not repeated', async status => {
    scene = await openScene()
    tenantOf(scene).fault({ kind: 'status', status, path: 'conditionalAccess' })
    const reads = await openRun(scene)
    expect(await errorOf(readAll(reads, 'conditional_access_policies'))).toMatchObject({
      reason: 'unavailable',
      status,
    })
    expect(tenantOf(scene).requests.filter(({ url }) => url.includes('conditionalAccess'))).toHaveLength(1)
  })
})

describe('the feed of sign-ins', () => {
  test('splits a window without losing or repeating a sign-in', async () => {
    scene = await openScene(tenantSpec({ size: 300 }))
    const reads = await openRun(scene)
    const whole = await readAll(reads, 'risky_sign_ins', month)
    expect(whole.items.length).toBeGreaterThan(2)
    // The boundary is the very instant of a sign-in: it belongs to the later half only.
    const middle = whole.items[Math.floor(whole.items.length / 2)]
    const at = new Date(itemSchemas.risky_sign_ins.parse(middle?.item).createdDateTime)
    const early = await readAll(reads, 'risky_sign_ins', { from: month.from, to: at })
    const late = await readAll(reads, 'risky_sign_ins', { from: at, to: month.to })
    const keys = (read: typeof whole) => read.items.map(({ subjectKey }) => subjectKey)
    expect([...keys(early), ...keys(late)].sort()).toEqual(keys(whole).sort())
    expect(keys(late)).toContain(middle?.subjectKey)
  })

  test('is asked state by state where the combined filter is refused, with the same outcome', async () => {
    scene = await openScene(tenantSpec({ size: 300 }))
    const reads = await openRun(scene)
    const combined = await readAll(reads, 'risky_sign_ins', month)
    tenantOf(scene).fault({ kind: 'status', status: 400, path: / or |%20or%20/ })
    const single = await readAll(reads, 'risky_sign_ins', month)
    expect(single.provenance.request.split('\n')).toHaveLength(5)
    const sorted = (read: typeof single) =>
      [...read.items].sort((a, b) => a.subjectKey.localeCompare(b.subjectKey))
    expect(sorted(single)).toEqual(sorted(combined))
  })

  test('can be empty, which is evidence too', async () => {
    scene = await openScene()
    const nothing = { from: new Date('2025-03-10T08:59:59.000Z'), to: new Date('2025-03-10T08:59:59.001Z') }
    const { items, provenance } = await readAll(await openRun(scene), 'risky_sign_ins', nothing)
    expect([items.length, provenance.pages]).toEqual([0, 1])
  })
})
