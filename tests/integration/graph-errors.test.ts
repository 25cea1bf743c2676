import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Fault } from '../../sandbox/entra/faults.ts'
import { requiredScopes } from '../../sandbox/entra/types.ts'
import { AuthorizationRefused, EvidenceReadFailed } from '../../server/connectors/contract.ts'
import { entraReads } from '../../server/connectors/entra/reads/index.ts'
import { Secret } from '../../server/vault/secret.ts'
import { ownerCaller } from '../support/caller.ts'
import {
  clientSecret,
  connect,
  errorOf,
  open,
  openScene,
  readAll,
  redirectUri,
  storeOf,
  tenantOf,
} from '../support/entra.ts'
import { describeReference, listReference, readReference } from '../support/reference-data.ts'
import { connectedScene, seedSyncedOrganization, syncNow, useScene } from '../support/seed.ts'

const hour = 3_600_000
const folder = 'graph/errors'

/** What each documented answer of Graph comes to, whatever is being read. */
const reasons: Record<string, string> = {
  'graph-401-claims-challenge.json': 'claims_challenge',
  'graph-403-non-premium.json': 'licence',
  'graph-403-not-licensed-identityprotection.json': 'licence',
  'graph-403-permission-missing-reports.json': 'scope',
  'graph-403-scopes-missing-policies.json': 'scope',
  'graph-429-throttled.json': 'throttled',
  'graph-501-not-implemented.json': 'unavailable',
  'graph-error-shape.json': 'unavailable',
}
/** What each answer of the login host comes to: when connecting, and at a refresh where it can come there. */
const refusals: Record<string, { connecting: string; refreshing?: string }> = {
  'entra-adminconsent-error-redirect.json': { connecting: 'declined' },
  'entra-authorize-error-redirect.json': { connecting: 'declined' },
  'entra-token-200.json': { connecting: 'identity_mismatch' },
  'entra-token-400.json': { connecting: 'other', refreshing: 'scope_not_known' },
}

const answerSchema = z.object({
  status: z.number(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.unknown().optional(),
})
const redirectSchema = z.object({ redirect: z.url() })

const faultFrom = (file: string): Fault => {
  const { status, headers, body } = answerSchema.parse(readReference(`${folder}/${file}`))
  return { kind: 'status', status, ...(headers ? { headers } : {}), ...(body ? { body } : {}) }
}

describeReference('the documented errors', folder, () => {
  test('are all in these tables', () => {
    expect([...Object.keys(reasons), ...Object.keys(refusals)].sort()).toEqual(listReference(folder))
  })

  describe('of Graph', async () => {
    const scene = await openScene()
    afterAll(() => scene.entra.stop())
    const { tokenCache } = await connect(scene)
    const cases = Object.entries(reasons).flatMap(([file, reason]) =>
      entraReads.map(read => [file, read.kind, reason] as const),
    )

    test.each(cases)('%s while %s is read is %s', async (file, kind, reason) => {
      const window = { from: new Date('2025-03-01T00:00:00Z'), to: scene.clock.now() }
      const reads = await open(scene, storeOf(tokenCache))
      tenantOf(scene).clearFaults()
      tenantOf(scene).fault({ ...faultFrom(file), path: '/v1.0/' })
      const error = await errorOf(readAll(reads, kind, kind === 'risky_sign_ins' ? window : null))
      expect(error).toMatchObject({ reason })
      if (!(error instanceof EvidenceReadFailed)) return
      const { status } = answerSchema.parse(readReference(`${folder}/${file}`))
      expect(error.status).toBe(status)
      expect(error.explanation).toMatch(/^[A-Z].*\.$/)
      expect(error.explanation).not.toMatch(/undefined|null/)
    })

    test('a permission that is not granted decides before any text: the answer says "licence", and means the permission', async () => {
      tenantOf(scene).clearFaults()
      tenantOf(scene).setGrantedScopes(requiredScopes.filter(scope => scope !== 'IdentityRiskyUser.Read.All'))
      const reads = await open(scene, storeOf(tokenCache))
      const asked = tenantOf(scene).requests.length
      tenantOf(scene).fault({
        ...faultFrom('graph-403-not-licensed-identityprotection.json'),
        path: '/v1.0/',
      })
      expect(await errorOf(readAll(reads, 'risky_users'))).toMatchObject({ reason: 'scope' })
      expect(tenantOf(scene).requests).toHaveLength(asked)
    })
  })

  describe('of the login host', async () => {
    const scene = await openScene()
    afterAll(() => scene.entra.stop())

    test.each(Object.entries(refusals))(
      '%s refuses the connection: %o',
      async (file, { connecting, refreshing }) => {
        tenantOf(scene).clearFaults()
        const content = readReference(`${folder}/${file}`)
        const redirect = redirectSchema.safeParse(content)
        if (redirect.success) {
          const error = await errorOf(
            scene.connector.authorization.complete({
              settings: scene.settings,
              clientSecret: new Secret(clientSecret),
              redirectUri,
              state: '12345',
              verifier: new Secret('v'),
              nonce: new Secret('n'),
              callback: new URL(redirect.data.redirect).searchParams,
              now: scene.clock.now(),
            }),
          )
          expect(error).toBeInstanceOf(AuthorizationRefused)
          expect(error).toMatchObject({ reason: connecting })
          return
        }
        const { tokenCache } = await connect(scene)
        tenantOf(scene).fault({ ...faultFrom(file), path: '/token' })
        expect(await errorOf(connect(scene))).toMatchObject({
          name: 'AuthorizationRefused',
          reason: connecting,
        })
        if (refreshing !== undefined) {
          expect(await errorOf(open(scene, storeOf(tokenCache)))).toMatchObject({
            name: 'CredentialRefused',
            remedy: 'fix_application',
            reason: refreshing,
          })
        }
      },
    )
  })

  describe('in a run', async () => {
    const scene = await seedSyncedOrganization()
    const { clock, slug: organization, connectionId } = scene
    const tenant = scene.entra.tenant(scene.spec.tenantId)
    const caller = ownerCaller(scene)
    const ofKinds = Object.entries(reasons).filter(([, reason]) => reason !== 'claims_challenge')

    test.each(ofKinds)(
      '%s is recorded as %s; the other kinds come, and nothing turns into none',
      async (file, reason) => {
        const before = await caller.evidence.kind({ organization, kind: 'risky_users' })
        tenant.clearFaults()
        tenant.fault({ ...faultFrom(file), path: 'riskyUsers' })
        clock.jump(hour)
        expect(await syncNow(scene, connectionId)).toBe('partly')
        const { connection } = await caller.connections.get({ organization, connectionId })
        for (const kind of connection.kinds.filter(({ cadence }) => cadence === 'hourly')) {
          const isHit = kind.kind === 'risky_users'
          expect([kind.kind, kind.state === 'unavailable']).toEqual([kind.kind, isHit])
          if (isHit) expect(kind).toMatchObject({ reason, isSettled: false })
        }
        const after = await caller.evidence.kind({ organization, kind: 'risky_users' })
        expect(after.state.populationCount).toBe(before.state.populationCount)
        expect(after.state.evidence).toEqual(before.state.evidence)
        expect(after.state.unavailable).toMatchObject({ reason, explanation: expect.stringMatching(/\.$/) })
        const { events } = await caller.ledger.events({ organization, type: 'EvidenceUnavailable' })
        expect(events[0]?.words).toMatch(/^Risky users could not be read\. /)
      },
    )

    test('a claims challenge ends the run: somebody has to sign in again', async () => {
      tenant.clearFaults()
      tenant.fault({ ...faultFrom('graph-401-claims-challenge.json'), path: '/v1.0/' })
      clock.jump(hour)
      expect(await syncNow(scene, connectionId)).toBe('refused')
      const { connection } = await caller.connections.get({ organization, connectionId })
      expect(connection).toMatchObject({ status: 'needs_attention', attention: { remedy: 'reauthorize' } })
    })
  })
})

describe('an answer that there is no licence', async () => {
  const scene = await seedSyncedOrganization()
  const { clock, slug: organization, connectionId } = scene
  const tenant = scene.entra.tenant(scene.spec.tenantId)
  const caller = ownerCaller(scene)
  const refusal = {
    kind: 'status',
    status: 403,
    path: 'riskyUsers',
    body: { error: { code: 'Forbidden', message: 'Your tenant is not licensed for this feature.' } },
  } as const

  async function nextHour(isRefused: boolean) {
    tenant.clearFaults()
    if (isRefused) tenant.fault(refusal)
    clock.jump(hour)
    const outcome = await syncNow(scene, connectionId)
    const { state } = await caller.evidence.kind({ organization, kind: 'risky_users' })
    const { connection } = await caller.connections.get({ organization, connectionId })
    const { sources } = await caller.controls.get({ organization, controlId: 'AC-14' })
    const kind = connection.kinds.find(each => each.kind === 'risky_users')
    return {
      outcome,
      isSettled: kind?.isSettled,
      verdict: sources[0]?.verdict,
      title: state.unavailable?.title,
      remedy: state.unavailable?.remedy,
    }
  }

  const inDoubt = { outcome: 'partly', isSettled: false, verdict: 'pass' }

  test('changes nothing of a kind that worked until three runs in a row have brought it', async () => {
    expect(await nextHour(true)).toMatchObject({
      ...inDoubt,
      remedy: expect.stringContaining('1 had so far'),
    })
    expect(await nextHour(true)).toMatchObject({
      ...inDoubt,
      remedy: expect.stringContaining('2 had so far'),
    })
    expect(await nextHour(true)).toMatchObject({
      outcome: 'succeeded',
      isSettled: true,
      verdict: 'not_testable',
      title: 'The directory has no licence for it',
    })
  })

  test('is taken back by a single success, and counts from the beginning then', async () => {
    expect(await nextHour(false)).toMatchObject({ outcome: 'succeeded', isSettled: false, verdict: 'pass' })
    expect(await nextHour(true)).toMatchObject(inDoubt)
    expect(await nextHour(true)).toMatchObject(inDoubt)
    expect(await nextHour(false)).toMatchObject({ outcome: 'succeeded', verdict: 'pass' })
    expect(await nextHour(true)).toMatchObject({
      ...inDoubt,
      remedy: expect.stringContaining('1 had so far'),
    })
    expect(await nextHour(false)).toMatchObject({ outcome: 'succeeded', verdict: 'pass' })
  })

  test('is broken by any other answer in between', async () => {
    await nextHour(true)
    await nextHour(true)
    tenant.clearFaults()
    tenant.fault({ kind: 'status', status: 501, path: 'riskyUsers' })
    clock.jump(hour)
    expect(await syncNow(scene, connectionId)).toBe('partly')
    expect(await nextHour(true)).toMatchObject({
      ...inDoubt,
      remedy: expect.stringContaining('1 had so far'),
    })
    await nextHour(false)
  })

  test('settles a kind that never worked at once', async () => {
    const without = await useScene({ licence: 'P1' })
    const id = await connectedScene(without)
    expect(await syncNow(without, id)).toBe('succeeded')
    const page = await ownerCaller(without).connections.get({ organization: without.slug, connectionId: id })
    expect(page.connection.kinds.find(({ kind }) => kind === 'risky_users')).toMatchObject({
      isSettled: true,
    })
  })
})

describe('risk that a licence hides', () => {
  test.each(['global', 'china'] as const)(
    'is “not visible, needs P2” on the evidence and on the control, never “no risk” (%s)',
    async cloud => {
      const scene = await useScene({ licence: 'P1', size: 300, cloud })
      const connectionId = await connectedScene(scene)
      expect(await syncNow(scene, connectionId)).toBe('succeeded')
      const caller = ownerCaller(scene)
      const organization = scene.slug
      const { state } = await caller.evidence.kind({ organization, kind: 'risky_sign_ins' })
      const { signIns, hidden, high, medium, low } = state.evidence?.summary ?? {}
      expect(Number(signIns)).toBeGreaterThan(0)
      expect([hidden, high, medium, low]).toEqual([signIns, 0, 0, 0])
      const page = await caller.evidence.population({ organization, kind: 'risky_sign_ins' })
      expect(new Set(page.rows.map(row => row.cells.level?.text))).toEqual(new Set(['Not visible, needs P2']))
      const { sources } = await caller.controls.get({ organization, controlId: 'AC-14' })
      expect(sources[0]).toMatchObject({ verdict: 'not_testable', words: 'Not testable: needs P2' })

      // The windows of a quiet day are empty: silence is no sign that risk is visible by now.
      scene.clock.jump(25 * hour)
      expect(await syncNow(scene, connectionId)).toBe('succeeded')
      const later = await caller.controls.get({ organization, controlId: 'AC-14' })
      expect(later.sources[0]?.verdict).toBe('not_testable')
    },
  )

  test('stays unknown in a cloud without risky users where nothing was ever seen: nothing says that it would show', async () => {
    const quiet = async (licence: 'P1' | 'P2') => {
      const scene = await useScene({ licence, cloud: 'china', size: 10 })
      scene.entra
        .tenant(scene.spec.tenantId)
        .fault({ kind: 'status', status: 200, path: 'signIns', body: { value: [] } })
      await syncNow(scene, await connectedScene(scene))
      const { sources } = await ownerCaller(scene).controls.get({
        organization: scene.slug,
        controlId: 'AC-14',
      })
      return sources[0]?.verdict
    }
    expect([await quiet('P1'), await quiet('P2')]).toEqual(['not_testable', 'pass'])
  })
})
