import postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'
import { completeAuthorization } from '../../server/connections/complete-authorization.ts'
import { replaceClientSecret, revokeConnection } from '../../server/connections/manage-connection.ts'
import { replay } from '../../server/ledger/read.ts'
import { project } from '../../server/projections/project.ts'
import {
  seedSecondOrganization,
  seedSyncedOrganization,
  signInToReauthorize,
  syncNow,
} from '../support/seed.ts'
import { workingTables } from '../support/table-classes.ts'
import { type BoundTable, tenantTables } from '../support/tenant-tables.ts'

const hour = 3_600_000
const scene = await seedSyncedOrganization()
const beside = await seedSecondOrganization(scene)
const { organizationId, connectionId, clock, services } = scene
const admin = postgres(scene.db.adminUrl, { max: 1, onnotice: () => undefined })
afterAll(() => admin.end())

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
  const tables = (await tenantTables(admin)).filter(
    ({ class: kind, table }) => kind === 'state' && !workingTables.includes(table),
  )
  const before = await digests(tables)
  for (const [name, { rows }] of before) expect([name, rows]).not.toEqual([name, 0])
  const besideBefore = await digests(tables, beside.organizationId)
  await services.database.withOrganization(organizationId, async transaction => {
    for (const { name } of tables) {
      await transaction.execute(`delete from ${name} where organization_id = '${organizationId}'`)
    }
    const upTo = Number.MAX_SAFE_INTEGER
    for await (const page of replay(transaction, organizationId, { upTo })) await project(transaction, page)
  })
  expect(await digests(tables)).toEqual(before)
  expect(await digests(tables, beside.organizationId)).toEqual(besideBefore)
})

/** Rows and a digest over all of them, by table. */
async function digests(tables: readonly BoundTable[], id = organizationId) {
  const answers = new Map<string, { rows: number; digest: string }>()
  for (const { name } of tables) {
    const [row] = await admin.unsafe<{ rows: number; digest: string }[]>(
      `select count(*)::int as rows, coalesce(md5(string_agg(t::text, e'\\n' order by t::text)), '') as digest
         from ${name} t where t.organization_id = '${id}'`,
    )
    if (row) answers.set(name, { ...row })
  }
  return answers
}
