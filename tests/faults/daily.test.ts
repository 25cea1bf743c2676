import { and, asc, eq } from 'drizzle-orm'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { membership } from '../../db/schema/state.ts'
import type { Fault } from '../../sandbox/entra/faults.ts'
import { isOpen } from '../../server/projections/range.ts'
import { recordedDuring } from '../support/recorded.ts'
import { connectedScene, syncNow, useScene } from '../support/seed.ts'
import { useSoundness } from '../support/soundness.ts'

const day = 24 * 3_600_000
const users = 60

// More than one page of the day's read.
const scene = await useScene({ size: users, largestPage: 25 })
const { organizationId, services, clock } = scene
const tenant = scene.entra.tenant(scene.spec.tenantId)
const { expectTidy, expectWhole, expectReplayed } = useSoundness(scene)
const path = 'signInActivity'

let connectionId: string
beforeAll(async () => {
  connectionId = await connectedScene(scene)
  expect(await syncNow(scene, connectionId)).toBe('succeeded')
  expect(await syncNow(scene, connectionId, 'daily')).toBe('succeeded')
})
beforeEach(() => clock.jump(day))
afterEach(() => tenant.clearFaults())

const kindEvents = ['EvidenceAttached', 'EvidenceReaffirmed', 'EvidenceUnavailable']

interface Said extends Record<string, unknown> {
  type: string
}

/** What the day’s run says of itself and of its kind. */
async function syncDaily(): Promise<{ result: string; said: Said[] }> {
  const { result, recorded } = await recordedDuring<string, Said>(scene, () =>
    syncNow(scene, connectionId, 'daily'),
  )
  const said = recorded.filter(({ type }) => kindEvents.includes(type) || type.startsWith('Sync'))
  return { result, said }
}

/** Every account with what is held of its sign-ins. */
const held = () =>
  services.database.withOrganization(organizationId, transaction =>
    transaction
      .select({ subjectKey: membership.subjectKey, itemHash: membership.itemHash })
      .from(membership)
      .where(and(isOpen(membership, organizationId), eq(membership.kind, 'sign_in_activity')))
      .orderBy(asc(membership.subjectKey)),
  )

async function expectRecovery(): Promise<void> {
  tenant.clearFaults()
  clock.jump(day)
  const { result, said } = await syncDaily()
  expect(result).toBe('succeeded')
  expect(said.at(-1)?.type).toBe('SyncSucceeded')
  expect(await held()).toHaveLength(users)
  await expectTidy(organizationId)
  await expectWhole(organizationId)
}

describe('a fault that passes costs the day’s read nothing', () => {
  test.each<Fault>([
    { kind: 'throttle', retryAfter: 7, times: 2 },
    { kind: 'throttle', retryAfter: null, times: 2 },
    { kind: 'status', status: 500, times: 3 },
    { kind: 'status', status: 503, headers: { 'retry-after': '20' }, times: 2 },
    { kind: 'status', status: 504, times: 3 },
    { kind: 'reset', times: 3 },
    { kind: 'cut-body', times: 2 },
    { kind: 'stall', delayMs: 5, times: 2 },
    { kind: 'slow', delayMs: 300, times: 1 },
  ])('%j', async fault => {
    tenant.fault({ ...fault, path })
    const { result, said } = await syncDaily()
    expect(result).toBe('succeeded')
    expect(said.filter(({ kind }) => kind === 'sign_in_activity')).toHaveLength(1)
    expect(await held()).toHaveLength(users)
    await expectTidy(organizationId)
  })
})

describe('a fault that lasts fails the day’s read and leaves what was held', () => {
  test.each<[string, Fault]>([
    ['throttled', { kind: 'throttle', retryAfter: 3_600 }],
    ['unavailable', { kind: 'status', status: 503 }],
    ['unavailable', { kind: 'reset' }],
    ['unavailable', { kind: 'cut-body' }],
    ['malformed', { kind: 'truncated-json' }],
    ['malformed', { kind: 'html-200' }],
    ['malformed', { kind: 'empty-body' }],
    ['malformed', { kind: 'missing-value' }],
    ['malformed', { kind: 'loop-next-link' }],
    ['malformed', { kind: 'loop-next-link', to: 'first' }],
    ['malformed', { kind: 'foreign-next-link' }],
  ])('as %s: %j', async (reason, fault) => {
    const before = await held()
    tenant.fault({ path, ...fault })
    const { said } = await syncDaily()
    expect(said.filter(({ type }) => type === 'EvidenceUnavailable')).toMatchObject([
      { kind: 'sign_in_activity', reason },
    ])
    expect(said.at(-1)?.type).toBe('SyncFailed')
    // Neither a short snapshot nor a zero.
    expect(await held()).toEqual(before)
    await expectTidy(organizationId)
    await expectRecovery()
  })
})

test('after all of it a replay gives the same', async () => {
  await expectRecovery()
  await expectReplayed(organizationId)
})
