import { expect, test } from 'vitest'
import { completeAuthorization } from '../../server/connections/complete-authorization.ts'
import { replaceClientSecret, revokeConnection } from '../../server/connections/manage-connection.ts'
import { useReplay } from '../support/replay.ts'
import {
  seedSecondOrganization,
  seedSyncedOrganization,
  signInToReauthorize,
  syncNow,
} from '../support/seed.ts'

const hour = 3_600_000
const scene = await seedSyncedOrganization()
const beside = await seedSecondOrganization(scene)
const { organizationId, connectionId, clock, services } = scene
const { digests, rebuild } = useReplay(scene)

const tenant = scene.entra.tenant(scene.spec.tenantId)
const target = { organizationId, connectionId, userId: scene.userId }
async function sync() {
  clock.jump(hour)
  return syncNow(scene, connectionId)
}

test('a history with changes, failures, a new sign-in and an end comes about', async () => {
  expect(await sync()).toBe('succeeded')
  tenant.setUser(5, { displayName: 'Renamed Person', accountEnabled: false })
  tenant.removeUser(6)
  tenant.addUser({ displayName: 'New Person' })
  expect(await sync()).toBe('succeeded')
  tenant.setLicence('none')
  await sync()
  await sync()
  tenant.setLicence('P2')
  expect(await sync()).toBe('succeeded')

  tenant.fault({ path: '/identity/conditionalAccess/policies', kind: 'html-200' })
  expect(await sync()).toBe('partly')
  tenant.clearFaults()
  clock.jump(60 * hour)
  expect(await sync()).toBe('succeeded')

  tenant.revokeSessions()
  expect(await sync()).toBe('refused')
  const back = await signInToReauthorize(scene, connectionId)
  await completeAuthorization(services, scene.browser, back.searchParams)
  expect(await sync()).toBe('succeeded')

  tenant.setSecret({ value: 'another~secret.value' })
  expect(await sync()).toBe('refused')
  const secretExpiresOn = new Date(clock.now().getTime() + 90 * 24 * hour).toISOString().slice(0, 10)
  await replaceClientSecret(services, target, { clientSecret: 'another~secret.value', secretExpiresOn })
  expect(await sync()).toBe('succeeded')
  await revokeConnection(services, target)
})

test('every projection, emptied and replayed from the events, has the very same rows', async () => {
  const before = await digests(organizationId)
  for (const [name, { rows }] of before) expect([name, rows]).not.toEqual([name, 0])
  const besideBefore = await digests(beside.organizationId)
  await rebuild(organizationId)
  expect(await digests(organizationId)).toEqual(before)
  expect(await digests(beside.organizationId)).toEqual(besideBefore)
})
