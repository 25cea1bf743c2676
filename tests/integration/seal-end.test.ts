import { isDeepStrictEqual } from 'node:util'
import postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'
import { requestDeletion } from '../../server/retention/ask-deletion.ts'
import { purgeOrganization } from '../../server/retention/purge-organization.ts'
import { verifyLedger } from '../../server/verification/verify-ledger.ts'
import { ownerAccess } from '../support/archive.ts'
import { approvedAssessment } from '../support/assessment.ts'
import { ownerCaller } from '../support/caller.ts'
import { whereIs } from '../support/canary.ts'
import { asOnEveryNode, intruderIn } from '../support/intruder.ts'
import { rebuildWouldChange } from '../support/replay.ts'
import { seedSyncedOrganization, syncNow } from '../support/seed.ts'

const day = 86_400_000
const year = 365.25 * day
const signal = new AbortController().signal
const scene = await seedSyncedOrganization()
const { services, organizationId, clock, db } = scene
const admin = postgres(db.adminUrl, { max: 1, onnotice: () => undefined })
afterAll(() => admin.end())

const marks = ['quirina', 'zebrowska']
scene.entra.tenant(scene.spec.tenantId).setUser(3, { displayName: 'Quirina Zebrowska' })
await syncNow(scene, scene.connectionId)
const { assessmentId, name } = await approvedAssessment(scene)

const purge = () => purgeOrganization(services, organizationId, signal)
const verified = () =>
  verifyLedger({ database: services.database, organizationId, signal, onProgress: () => undefined })
const eventsOf = (type: string) => admin<{ payload: string; at: Date }[]>`
  select payload, recorded_at as at from ledger.events
   where organization_id = ${organizationId} and event_type = ${type} order by position`
const held = async () => {
  const rows = await admin<{ sealedBy: string | null; until: Date | null }[]>`
    select sealed_by as "sealedBy", sealed_until as until from ledger.item_body where organization_id = ${organizationId}`
  return [...rows]
}

test('deleting an organization leaves what a seal holds, and gives the seal an end that one event tells', async () => {
  const { kept } = await ownerCaller(scene).organizations.deletion({ organization: scene.slug })
  expect(kept).toEqual({ count: expect.any(Number), assessments: [name], years: 7 })
  await requestDeletion(services, ownerAccess(scene), scene.slug)
  clock.jump(31 * day)
  await purge()
  const left = await held()
  expect(left).toHaveLength(kept.count)
  expect(kept.count).toBeGreaterThan(20)
  const [set, ...others] = await eventsOf('SealEndSet')
  expect(others).toEqual([])
  const told = JSON.parse(set?.payload ?? '{}')
  expect(told).toEqual({ until: expect.any(String), count: kept.count, assessments: [assessmentId] })
  expect(Date.parse(told.until) - (set?.at.getTime() ?? 0)).toBeGreaterThan(6.9 * year)
  expect(
    left.every(row => isDeepStrictEqual(row, { sealedBy: assessmentId, until: new Date(told.until) })),
  ).toBe(true)
  expect((await verified()).problems).toEqual([])
})

test('until then it stays, whatever the organization’s own clock says', async () => {
  clock.jump(8 * year)
  expect(await purge()).toEqual({ removed: 0, kept: 0 })
  expect(await whereIs(db.adminUrl, marks)).toContain('ledger.item_body.body')
  expect(await eventsOf('SealEndSet')).toHaveLength(1)
})

test('an end that no event set is found by a verification', async () => {
  const intruder = await intruderIn(admin, organizationId)
  await intruder.change(
    `update ledger.item_body set sealed_until = now() + interval '2 years' where organization_id = '${organizationId}'`,
  )
  const { problems } = await verified()
  expect(problems.map(({ sort, words }) => [sort, words])).toEqual([
    ['seals', expect.stringMatching(/has an end that no event set[.]$/)],
  ])
  await intruder.undo()
})

test('then it goes with an event of its own; no name is left, and the log still verifies', async () => {
  const bodies = (await held()).length
  // As time does, which nobody else can bring about.
  await admin.begin(async transaction => {
    await asOnEveryNode(transaction)
    await transaction`alter table ledger.item_body disable trigger guard`
    await transaction`update ledger.item_body set sealed_until = now() where organization_id = ${organizationId}`
    await transaction`alter table ledger.item_body enable always trigger guard`
  })
  const purges = (await eventsOf('ItemsPurged')).length
  expect(await purge()).toEqual({ removed: bodies, kept: 0 })
  expect((await eventsOf('ItemsPurged')).slice(purges).map(({ payload }) => JSON.parse(payload))).toEqual([
    expect.objectContaining({
      reason: 'organization_deleted',
      count: bodies,
      kept: { count: 0, assessments: [] },
    }),
  ])
  expect(await whereIs(db.adminUrl, marks)).toEqual([])
  expect((await verified()).problems).toEqual([])
  expect(await rebuildWouldChange(services, organizationId)).toEqual({})
  expect(await purge()).toEqual({ removed: 0, kept: 0 })
})
