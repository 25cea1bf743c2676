import { and, eq, sql } from 'drizzle-orm'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connection, membership } from '../../db/schema/state.ts'
import type { Fault } from '../../sandbox/entra/faults.ts'
import { requiredScopes } from '../../sandbox/entra/types.ts'
import { completeAuthorization } from '../../server/connections/complete-authorization.ts'
import { isOpen } from '../../server/projections/range.ts'
import { clientSecret } from '../support/entra.ts'
import { recordedDuring } from '../support/recorded.ts'
import {
  connectedScene,
  seedSecondOrganization,
  signInToReauthorize,
  syncNow,
  useScene,
} from '../support/seed.ts'
import { useSoundness } from '../support/soundness.ts'
import { until } from '../support/waiting.ts'

const minute = 60_000
const hour = 60 * minute

// More than one page of each collection, and nobody whose first day is still to come.
const scene = await useScene({
  size: 60,
  largestPage: 25,
  riskySignInsPerDay: 8,
  since: new Date('2024-06-01T00:00:00Z'),
})
const { organizationId, services, clock, entra } = scene
const tenant = entra.tenant(scene.spec.tenantId)
const { expectTidy, expectWhole, expectReplayed } = useSoundness(scene)

const pathOf = {
  user_inventory: '/v1.0/users?',
  mfa_registration: 'userRegistrationDetails',
  security_defaults: 'identitySecurityDefaults',
  conditional_access_policies: 'conditionalAccess',
  risky_users: 'riskyUsers',
  risky_sign_ins: 'signIns',
} as const
type Kind = keyof typeof pathOf
const kinds = Object.keys(pathOf) as Kind[]

let connectionId: string
beforeAll(async () => {
  connectionId = await connectedScene(scene)
  expect(await syncNow(scene, connectionId)).toBe('succeeded')
})
beforeEach(() => clock.jump(hour))
afterEach(() => {
  tenant.clearFaults()
  entra.skewClock(0)
})

let stirred = 0
/** Changes one item of every state that a test can change, so that what is missed would show. */
function stir(): void {
  stirred += 1
  tenant.setUser(20, { displayName: `Renamed ${stirred}` })
  tenant.setSecurityDefaults(stirred % 2 === 1)
  const [first, ...rest] = tenant.policies(clock.now())
  if (first) tenant.setPolicies([{ ...first, displayName: `Edited ${stirred}` }, ...rest])
}

/** What a stir changes. */
const stirs: Partial<Record<Kind, { joined: number; changed: number; left: number }>> = {
  user_inventory: { joined: 0, changed: 1, left: 0 },
  mfa_registration: { joined: 0, changed: 1, left: 0 },
  security_defaults: { joined: 0, changed: 1, left: 0 },
  conditional_access_policies: { joined: 0, changed: 1, left: 0 },
}

interface Said {
  type: string
  kind?: string
  reason?: string
  cause?: string
  remedy?: string
  changes?: unknown
  itemCount?: number
  code?: string
}

/** What the run that `work` makes says in the ledger. Which alerts follow is told in tests of their own. */
async function saidDuring(work: () => Promise<unknown>): Promise<{ result: unknown; said: Said[] }> {
  const { result, recorded } = await recordedDuring<unknown, Said>(scene, work)
  return { result, said: recorded.filter(({ type }) => !type.startsWith('Alert')) }
}

const sync = () => saidDuring(() => syncNow(scene, connectionId))

/** Who and what is held of each kind, as one text that any difference changes. */
async function populations(): Promise<Map<string, string>> {
  const rows = await services.database.withOrganization(organizationId, transaction =>
    transaction
      .select({
        kind: membership.kind,
        held: sql<string>`count(*) || ' ' || md5(string_agg(${membership.subjectKey}::text || encode(${membership.itemHash}, 'hex'), ',' order by ${membership.subjectKey}))`,
      })
      .from(membership)
      .where(isOpen(membership, organizationId))
      .groupBy(membership.kind),
  )
  return new Map(rows.map(({ kind, held }) => [kind, held]))
}

const success = ['EvidenceAttached', 'EvidenceReaffirmed']
const succeeded = (said: readonly Said[]) =>
  said.flatMap(({ type, kind }) => (kind && success.includes(type) ? [kind] : [])).sort()

/** The kind comes in the next run with all that changed meanwhile: nothing lost, nothing doubled. */
async function expectRecovery(stirredKinds: readonly Kind[]): Promise<void> {
  tenant.clearFaults()
  clock.jump(hour)
  const { result, said } = await sync()
  expect(result).toBe('succeeded')
  for (const kind of stirredKinds) {
    const attached = said.find(each => each.type === 'EvidenceAttached' && each.kind === kind)
    if (stirs[kind]) expect(attached?.changes).toEqual(stirs[kind])
  }
  await expectTidy(organizationId)
}

describe('a fault that passes', () => {
  test.each<[Kind, Fault]>([
    ['user_inventory', { kind: 'throttle', retryAfter: 7, times: 2 }],
    ['mfa_registration', { kind: 'throttle', retryAfter: 2.128, times: 2 }],
    ['risky_sign_ins', { kind: 'throttle', retryAfter: 'Mon, 10 Mar 2025 09:00:30 GMT', times: 2 }],
    ['risky_users', { kind: 'throttle', retryAfter: null, times: 3 }],
    ['conditional_access_policies', { kind: 'status', status: 500, times: 3 }],
    ['risky_sign_ins', { kind: 'status', status: 502, times: 3 }],
    ['security_defaults', { kind: 'status', status: 503, headers: { 'retry-after': '20' }, times: 3 }],
    ['user_inventory', { kind: 'status', status: 504, times: 3 }],
    ['mfa_registration', { kind: 'reset', times: 3 }],
    ['user_inventory', { kind: 'cut-body', times: 2 }],
    ['risky_users', { kind: 'stall', delayMs: 5, times: 2 }],
    ['mfa_registration', { kind: 'slow', delayMs: 300, times: 1 }],
  ])('costs %s nothing: %j', async (kind, fault) => {
    stir()
    const asked = tenant.requests.length
    tenant.fault({ ...fault, path: pathOf[kind] })
    const { result, said } = await sync()
    expect(result).toBe('succeeded')
    expect(succeeded(said)).toEqual([...kinds].sort())
    for (const [changed, changes] of Object.entries(stirs)) {
      expect(said.find(each => each.kind === changed)).toMatchObject({ type: 'EvidenceAttached', changes })
    }
    const tries = tenant.requests.slice(asked).filter(({ url }) => url.includes(pathOf[kind]))
    expect(tries.length).toBeGreaterThan(fault.kind === 'slow' ? 0 : (fault.times ?? 0))
    await expectTidy(organizationId)
  })
})

describe('a fault that lasts', () => {
  test.each<[Kind, string, Fault]>([
    ['risky_users', 'throttled', { kind: 'throttle', retryAfter: null }],
    ['user_inventory', 'throttled', { kind: 'throttle', retryAfter: 3_600 }],
    ['mfa_registration', 'throttled', { kind: 'throttle', retryAfter: 100.5 }],
    ['risky_sign_ins', 'throttled', { kind: 'throttle', retryAfter: 'Fri, 31 Dec 2100 09:00:30 GMT' }],
    ['conditional_access_policies', 'unavailable', { kind: 'status', status: 503 }],
    ['risky_sign_ins', 'unavailable', { kind: 'status', status: 500 }],
    ['security_defaults', 'unavailable', { kind: 'status', status: 501 }],
    ['mfa_registration', 'unavailable', { kind: 'reset' }],
    ['user_inventory', 'unavailable', { kind: 'cut-body' }],
    ['risky_sign_ins', 'unavailable', { kind: 'stall', delayMs: 5 }],
    ['user_inventory', 'malformed', { kind: 'truncated-json' }],
    ['risky_users', 'malformed', { kind: 'truncated-json' }],
    ['conditional_access_policies', 'malformed', { kind: 'html-200' }],
    ['security_defaults', 'malformed', { kind: 'html-200' }],
    ['mfa_registration', 'malformed', { kind: 'empty-body' }],
    ['conditional_access_policies', 'malformed', { kind: 'missing-value' }],
    ['user_inventory', 'malformed', { kind: 'loop-next-link' }],
    ['mfa_registration', 'malformed', { kind: 'loop-next-link', to: 'first' }],
    ['risky_sign_ins', 'malformed', { kind: 'loop-next-link' }],
    ['user_inventory', 'malformed', { kind: 'foreign-next-link' }],
    ['risky_users', 'malformed', { kind: 'foreign-next-link' }],
    ['user_inventory', 'malformed', { kind: 'wrong-count', path: '/$count', by: 25 }],
    ['user_inventory', 'malformed', { kind: 'wrong-count', path: '/$count', by: -25 }],
  ])('fails %s alone, as %s: %j', async (kind, reason, fault) => {
    stir()
    const held = await populations()
    tenant.fault({ path: pathOf[kind], ...fault })
    const { result, said } = await sync()

    expect(result).toBe('partly')
    expect(said.filter(({ type }) => type === 'EvidenceUnavailable')).toMatchObject([{ kind, reason }])
    expect(said.at(-1)?.type).toBe('SyncPartlySucceeded')
    expect(succeeded(said)).toEqual(kinds.filter(other => other !== kind).sort())
    // Neither a short snapshot nor a zero: what was held stands.
    expect((await populations()).get(kind)).toBe(held.get(kind))
    for (const [other, changes] of Object.entries(stirs)) {
      if (other !== kind) expect(said.find(each => each.kind === other)?.changes).toEqual(changes)
    }
    await expectTidy(organizationId)
    await expectRecovery([kind])
  })
})

describe('a credential that the source refuses', () => {
  const restore = async () => {
    tenant.setSecret({ value: clientSecret })
    tenant.setGrantedScopes(requiredScopes)
    const back = await signInToReauthorize(scene, connectionId)
    const outcome = await completeAuthorization(services, scene.browser, back.searchParams)
    expect(outcome.outcome).toBe('reauthorized')
  }

  test.each<[string, () => void, { remedy: string; cause: string }]>([
    [
      'a token that was revoked',
      () => tenant.revokeSessions(),
      { remedy: 'reauthorize', cause: 'session_revoked' },
    ],
    [
      'a secret that expired',
      () => tenant.setSecret({ value: clientSecret, expiresAt: clock.now() }),
      { remedy: 'fix_application', cause: 'secret_expired' },
    ],
    [
      'a secret that is wrong',
      () => tenant.setSecret({ value: 'another~secret.value' }),
      { remedy: 'fix_application', cause: 'secret_wrong' },
    ],
    [
      'consent that was withdrawn',
      () => tenant.setGrantedScopes([]),
      { remedy: 'reauthorize', cause: 'consent_withdrawn' },
    ],
    [
      'a claims challenge in the middle of a run',
      () => tenant.fault({ kind: 'claims-challenge', path: pathOf.risky_users }),
      { remedy: 'reauthorize', cause: 'claims_challenge' },
    ],
    [
      'a token that is revoked in the middle of a run',
      () => {
        // While the report is asked for, which then breaks off and is asked for again.
        tenant.fault({ kind: 'stall', path: pathOf.mfa_registration, times: 1, delayMs: 300 })
        const asked = tenant.requests.length
        const isAsked = async () =>
          tenant.requests.slice(asked).some(({ url }) => url.includes(pathOf.mfa_registration))
        // This clock stands still meanwhile: the token was given out in the same instant.
        until(isAsked).then(() => tenant.revokeSessions(new Date(clock.now().getTime() + 1)))
      },
      { remedy: 'reauthorize', cause: 'session_revoked' },
    ],
  ])(
    '%s asks for a person once, attaches nothing and brings no run until then',
    async (_name, bring, asked) => {
      stir()
      const held = await populations()
      bring()
      const jobs = scene.jobs.length
      const { result, said } = await sync()
      expect(result).toBe('refused')
      expect(said.filter(({ type }) => type === 'ReauthorizationRequired')).toMatchObject([asked])
      expect(said.filter(({ kind }) => kind !== undefined && !kind.startsWith('AC'))).toEqual([])
      expect(said.at(-1)?.type).toBe('SyncFailed')
      expect(await populations()).toEqual(held)
      await expectTidy(organizationId)
      expect((await sync()).result).toBe('nothing_to_do')
      expect(scene.jobs.length).toBe(jobs)

      tenant.clearFaults()
      await restore()
      await expectRecovery(kinds)
      const [row] = await services.database.withOrganization(organizationId, transaction =>
        transaction
          .select({ status: connection.status })
          .from(connection)
          .where(and(isOpen(connection, organizationId), eq(connection.id, connectionId))),
      )
      expect(row?.status).toBe('connected')
    },
  )
})

describe('clocks that do not agree', () => {
  test.each([
    ['ahead', 3 * hour],
    ['behind', -3 * hour],
  ])('a directory whose clock is three hours %s is read as any other', async (_name, skew) => {
    stir()
    entra.skewClock(skew)
    const { result, said } = await sync()
    expect(result).toBe('succeeded')
    expect(said.find(({ kind }) => kind === 'user_inventory')?.changes).toEqual(stirs.user_inventory)
    entra.skewClock(0)
    await expectRecovery([])
  })

  test.each([4 * minute, -4 * minute])('a sign-in some minutes off is accepted (%i ms)', async skew => {
    entra.skewClock(skew)
    const other = await seedSecondOrganization(scene)
    await expectTidy(other.organizationId)
  })

  test('a date to retry after is read on the directory’s clock', async () => {
    entra.skewClock(-2 * hour)
    const date = new Date(entra.now().getTime() + 20_000).toUTCString()
    tenant.fault({ kind: 'throttle', retryAfter: date, times: 1, path: pathOf.mfa_registration })
    const slept = clock.slept.length
    expect((await sync()).result).toBe('succeeded')
    expect(Math.max(...clock.slept.slice(slept))).toBeGreaterThanOrEqual(20_000)
  })
})

test('after all of it the ledger is whole, a replay gives the same, and so does an organization that saw no fault', async () => {
  await expectRecovery([])
  const twin = await seedSecondOrganization(scene)
  const held = await populations()
  const fresh = await services.database.withOrganization(twin.organizationId, transaction =>
    transaction
      .select({ kind: membership.kind, count: sql<number>`count(*)::int` })
      .from(membership)
      .where(isOpen(membership, twin.organizationId))
      .groupBy(membership.kind),
  )
  for (const { kind, count } of fresh) {
    const own = Number(held.get(kind)?.split(' ')[0])
    // Of a feed the older part of the history stays held, of everything else the same is.
    if (kind === 'risky_sign_ins') expect(own).toBeGreaterThanOrEqual(count)
    else expect(own).toBe(count)
  }
  await expectWhole(organizationId)
  await expectReplayed(organizationId)
})
