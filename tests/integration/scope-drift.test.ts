import { and, eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { credential } from '../../db/schema/state.ts'
import { requiredScopes } from '../../sandbox/entra/types.ts'
import { completeAuthorization } from '../../server/connections/complete-authorization.ts'
import { ownerCaller } from '../support/caller.ts'
import { dispatchDue } from '../support/dispatch.ts'
import { type Scene, seedSyncedOrganization, signInToReauthorize, syncNow } from '../support/seed.ts'

const hour = 3_600_000

type Synced = Scene & { connectionId: string }

const grant = (scene: Synced, scopes: string[]) =>
  scene.entra.tenant(scene.spec.tenantId).setGrantedScopes(scopes)

async function hourLater(scene: Synced) {
  scene.clock.jump(hour)
  return syncNow(scene, scene.connectionId)
}

const page = ({ slug: organization, connectionId, ...scene }: Synced, asOf?: string) =>
  ownerCaller({ slug: organization, ...scene }).connections.get({
    organization,
    connectionId,
    ...(asOf ? { asOf } : {}),
  })

const statesOf = async (scene: Synced, asOf?: string) =>
  Object.fromEntries((await page(scene, asOf)).scopes.map(({ scope, state }) => [scope, state]))

const drift = async (scene: Synced) =>
  (await page(scene)).history.filter(({ type }) => type === 'GrantedScopesChanged').map(({ words }) => words)

const collector = async ({ slug: organization, ...scene }: Synced) => {
  const { sources } = await ownerCaller({ slug: organization, ...scene }).controls.get({
    organization,
    controlId: 'AC-16',
  })
  return { verdict: sources[0]?.verdict, codes: sources[0]?.reasons.map(({ code }) => code) }
}

const allGranted = Object.fromEntries(requiredScopes.map(scope => [scope, 'granted']))

describe('what is granted', () => {
  test('is recorded with each refresh: a read too many shows, fails AC-16, and is gone again when it is removed', async () => {
    const scene = await seedSyncedOrganization()
    expect(await statesOf(scene)).toEqual(allGranted)
    const before = await page(scene)
    expect(await collector(scene)).toMatchObject({ verdict: 'pass' })

    grant(scene, [...requiredScopes, 'User.Read'])
    expect(await hourLater(scene)).toBe('succeeded')
    expect(await statesOf(scene)).toEqual({ ...allGranted, 'User.Read': 'excess' })
    expect(await collector(scene)).toEqual({ verdict: 'fail', codes: ['scope_excess'] })
    expect((await page(scene)).scopesSeenAt.getTime()).toBeGreaterThan(before.scopesSeenAt.getTime())
    expect(await hourLater(scene)).toBe('succeeded')
    expect(await drift(scene)).toEqual(['Granted permissions changed: more than required: User.Read'])

    grant(scene, requiredScopes)
    expect(await hourLater(scene)).toBe('succeeded')
    expect(await statesOf(scene)).toEqual(allGranted)
    expect(await collector(scene)).toMatchObject({ verdict: 'pass' })
    expect((await drift(scene))[0]).toBe('Granted permissions changed: exactly the required ones now')
    expect(await statesOf(scene, before.asOf.instant.toISOString())).toEqual(allGranted)
  })

  test.each([...requiredScopes])(
    'may lose %s: the kinds that hang on it are named with what to do, and the others still come',
    async lost => {
      const scene = await seedSyncedOrganization()
      await syncNow(scene, scene.connectionId, 'daily')
      grant(
        scene,
        requiredScopes.filter(scope => scope !== lost),
      )
      expect(await hourLater(scene)).toBe('partly')
      expect(await hourLater(scene)).toBe('partly')
      expect(await statesOf(scene)).toEqual({ ...allGranted, [lost]: 'missing' })
      expect(await drift(scene)).toEqual([`Granted permissions changed: missing ${lost}`])
      expect((await collector(scene)).codes).toContain('scope_missing')
      const { connection, scopes } = await page(scene)
      const behind = scopes.find(({ scope }) => scope === lost)?.kinds ?? []
      expect(behind.length).toBeGreaterThan(0)
      for (const { title, state, reason, explanation, cadence } of connection.kinds) {
        if (cadence === 'daily') continue
        expect([title, state]).toEqual([
          title,
          behind.includes(title) ? 'unavailable' : expect.not.stringMatching('unavailable'),
        ])
        if (!behind.includes(title)) continue
        expect(reason).toBe('scope')
        expect(explanation).toMatch(
          new RegExp(`The permission ${lost} is not granted.*An administrator adds`),
        )
      }

      grant(scene, requiredScopes)
      expect(await hourLater(scene)).toBe('succeeded')
      expect(await statesOf(scene)).toEqual(allGranted)
    },
  )

  test('may be nothing at all: consent was withdrawn, and a person has to act', async () => {
    const scene = await seedSyncedOrganization()
    grant(scene, [])
    expect(await hourLater(scene)).toBe('refused')
    const { connection } = await page(scene)
    expect(connection).toMatchObject({ status: 'needs_attention', attention: { remedy: 'reauthorize' } })
    expect(connection.attention?.explanation).toContain('Grant admin consent')
    const asked = scene.entra.tenant(scene.spec.tenantId).requests.length
    scene.clock.jump(5 * hour)
    await dispatchDue(scene)
    expect(scene.entra.tenant(scene.spec.tenantId).requests).toHaveLength(asked)
  })

  test('that can do more than read ends collection: no token is kept, the page names it, and a sign-in without it mends it', async () => {
    const scene = await seedSyncedOrganization()
    const { services, organizationId, connectionId } = scene
    grant(scene, [...requiredScopes, 'Directory.ReadWrite.All'])
    expect(await hourLater(scene)).toBe('refused')
    expect(await statesOf(scene)).toEqual({ ...allGranted, 'Directory.ReadWrite.All': 'beyond_reading' })
    const { connection } = await page(scene)
    expect(connection).toMatchObject({ status: 'needs_attention' })
    expect(connection.attention?.explanation).toContain('Directory.ReadWrite.All')
    expect(await drift(scene)).toHaveLength(1)
    const tokens = await services.database.withOrganization(organizationId, transaction =>
      transaction
        .select({ field: credential.field })
        .from(credential)
        .where(and(eq(credential.organizationId, organizationId), eq(credential.connectionId, connectionId))),
    )
    expect(tokens).toEqual([{ field: 'client_secret' }])

    const asked = scene.entra.tenant(scene.spec.tenantId).requests.length
    scene.clock.jump(3 * hour)
    await dispatchDue(scene)
    expect(scene.entra.tenant(scene.spec.tenantId).requests).toHaveLength(asked)

    const still = await signInToReauthorize(scene, connectionId)
    expect(await completeAuthorization(services, scene.browser, still.searchParams)).toMatchObject({
      outcome: 'refused',
      title: 'The application may do more than read',
    })
    grant(scene, requiredScopes)
    const back = await signInToReauthorize(scene, connectionId)
    await completeAuthorization(services, scene.browser, back.searchParams)
    expect(await syncNow(scene, connectionId)).toBe('succeeded')
    expect(await statesOf(scene)).toEqual(allGranted)
  })
})
