import postgres from 'postgres'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { rateLimits } from '../../db/schema/accounts.ts'
import { sealNow } from '../../server/ledger/seal-log.ts'
import { auditorCaller, ownerCaller } from '../support/caller.ts'
import { seedSyncedOrganization, syncNow } from '../support/seed.ts'

const hour = 3_600_000
const scene = await seedSyncedOrganization()
const { services, organizationId, slug, clock, connectionId } = scene
const admin = postgres(scene.db.adminUrl, { max: 1, onnotice: () => undefined })
afterAll(() => admin.end())
beforeEach(() => services.database.outsideTenant.delete(rateLimits))

const owner = ownerCaller(scene)
const then = await services.ledger.resolve(organizationId, { kind: 'now' })
clock.jump(7 * hour)
await syncNow(scene, connectionId)
const asOf = String(then.position)

test('the events lead to what is shown, now and as of a moment of the past', async () => {
  const now = await owner.coverage.explain({ organization: slug })
  const shown = await owner.coverage.overview({ organization: slug })
  expect(now).toMatchObject({
    agrees: true,
    sameControls: true,
    percent: { shown: shown.percent, folded: shown.percent },
    differing: [],
    events: shown.asOf.position + 1,
  })
  expect(now.digest.folded).toBe(now.digest.shown)

  const past = await owner.coverage.explain({ organization: slug, asOf })
  expect(past).toMatchObject({ agrees: true, events: then.position + 1, asOf: { position: then.position } })
  expect(past.digest.folded).not.toBe(now.digest.folded)
})

test('it names the checkpoint that covers the moment, as the frame of a page does, once there is one', async () => {
  expect((await owner.coverage.explain({ organization: slug, asOf })).checkpoint).toBeNull()
  expect((await owner.organizations.shell({ organization: slug, asOf })).checkpointSize).toBeNull()
  const { size, signedAt } = await sealNow(services, organizationId)
  expect((await owner.coverage.explain({ organization: slug, asOf })).checkpoint).toEqual({ size, signedAt })
  expect((await owner.organizations.shell({ organization: slug, asOf })).checkpointSize).toBe(size)
  expect((await owner.organizations.shell({ organization: slug })).checkpointSize).toBeNull()
})

test('where a table says something else than the events, it says so and names which', async () => {
  await admin`
    update state.verdict set verdict = 'not_testable', reasons = '[]', changes = '[]'
     where organization_id = ${organizationId} and to_position = 9223372036854775807`
  const explained = await owner.coverage.explain({ organization: slug })
  expect(explained).toMatchObject({ agrees: false, sameControls: false, differing: ['verdict'] })
  expect(explained.digest.folded).not.toBe(explained.digest.shown)
})

test('an auditor is told of the period alone', async () => {
  const auditor = await auditorCaller(scene, { from: new Date(0), to: then.instant })
  expect(await auditor.coverage.explain({ organization: slug })).toMatchObject({
    events: then.position + 1,
    asOf: { position: then.position },
  })
})

test('an organization has its events folded so often and no oftener', async () => {
  for (let time = 0; time < 10; time++) await owner.coverage.explain({ organization: slug, asOf: '0' })
  await expect(owner.coverage.explain({ organization: slug, asOf: '0' })).rejects.toMatchObject({
    code: 'TOO_MANY_REQUESTS',
  })
})
