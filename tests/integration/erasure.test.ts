import { beforeAll, describe, expect, test } from 'vitest'
import { revokeConnection } from '../../server/connections/manage-connection.ts'
import { windowStart } from '../../server/domain/retention/window.ts'
import { showPopulation } from '../../server/evidence/queries/show-population.ts'
import { sealNow } from '../../server/ledger/seal-log.ts'
import { erasePerson, erasureWord, liftErasure } from '../../server/retention/erase-person.ts'
import { purgeOrganization } from '../../server/retention/purge-organization.ts'
import { findPeople, previewErasure } from '../../server/retention/show-erasures.ts'
import { verifyLedger } from '../../server/verification/verify-ledger.ts'
import { makeArchive } from '../support/archive.ts'
import { whereIs } from '../support/canary.ts'
import { rebuildWouldChange } from '../support/replay.ts'
import { connectedScene, type Scene, seedSyncedOrganization, syncNow } from '../support/seed.ts'
import { verify } from '../support/verification.ts'

const signal = new AbortController().signal
const hour = 3_600_000
const canary = {
  displayName: 'Quirina Zebrowska',
  userPrincipalName: 'quirina.zebrowska@harbourstreet.example',
  mail: 'q.zebrowska@mail.example',
}
const marks = ['quirina', 'zebrowska']

type Synced = Scene & { connectionId: string }

/** The canary was read, was renamed, and an archive was made. */
async function seedCanary(): Promise<Synced & { subjectKey: string }> {
  const scene = await seedSyncedOrganization()
  const tenant = scene.entra.tenant(scene.spec.tenantId)
  tenant.setUser(3, canary)
  await next(scene)
  tenant.setUser(3, { displayName: 'Quirina Zebrowska-Vale' })
  await next(scene)
  await syncNow(scene, scene.connectionId, 'daily')
  const [person] = await find(scene, 'quirina')
  if (!person) throw new Error('the canary was read')
  return { ...scene, subjectKey: person.subjectKey }
}

async function next(scene: Synced) {
  scene.clock.jump(hour)
  expect(await syncNow(scene, scene.connectionId)).toBe('succeeded')
}

const find = ({ services, organizationId }: Scene, search: string) =>
  services.database.withOrganization(organizationId, transaction =>
    findPeople(transaction, organizationId, search),
  )
const erase = (
  scene: Scene & { subjectKey: string },
  changes: { reason?: string; confirmation?: string } = {},
) =>
  erasePerson(scene.services, scene, {
    subjectKey: scene.subjectKey,
    reason: 'Asked for by letter.',
    confirmation: erasureWord(scene.subjectKey),
    ...changes,
  })
const purge = ({ services, organizationId }: Scene) => purgeOrganization(services, organizationId, signal)
const verified = ({ services: { database }, organizationId }: Scene) =>
  verifyLedger({ database, organizationId, signal, onProgress: () => undefined })
const populationOf = ({ services, organizationId }: Scene, search = '') =>
  services.ledger.query(organizationId, { kind: 'now' }, (transaction, asOf) =>
    showPopulation(services, transaction, organizationId, asOf, {
      kind: 'user_inventory',
      search,
      sort: 'name',
    }),
  )

describe('erasing a person', () => {
  let scene: Synced & { subjectKey: string }
  beforeAll(async () => {
    scene = await seedCanary()
    await makeArchive(scene, { kind: 'organization' })
  })

  test('needs somebody who is known, a reason and the word; nothing is stored otherwise', async () => {
    await expect(erase(scene, { reason: ' ' })).rejects.toMatchObject({ code: 'bad_input' })
    await expect(erase(scene, { confirmation: 'yes' })).rejects.toMatchObject({
      code: 'bad_input',
      fields: { confirmation: `Type ${scene.subjectKey.slice(0, 8)}, the beginning of the person’s id.` },
    })
    const unknown = '00000000-0000-4000-8000-000000000000'
    await expect(
      erasePerson(scene.services, scene, { subjectKey: unknown, reason: 'x', confirmation: '00000000' }),
    ).rejects.toMatchObject({ code: 'not_found' })
    expect(await whereIs(scene.db.adminUrl, marks)).toContain('state.membership.label')
  })

  test('leaves no name in any table, and no archive; the ledger verifies and the tables are what the events lead to', async () => {
    const { services, organizationId } = scene
    const preview = await services.database.withOrganization(organizationId, transaction =>
      previewErasure(transaction, organizationId, scene.subjectKey),
    )
    await erase(scene)
    expect((await purge(scene)).removed).toBe(preview.removed)
    expect(await whereIs(scene.db.adminUrl, marks)).toEqual([])
    expect((await verified(scene)).outcome).toBe('holds')
    expect(await rebuildWouldChange(services, organizationId)).toEqual({})
    await expect(erase(scene)).rejects.toMatchObject({ code: 'precondition_failed' })
  })

  test('shows the rows that are gone with the day and the event', async () => {
    const { rows } = await populationOf(scene)
    const gone = rows.find(({ subjectKey }) => subjectKey === scene.subjectKey)
    expect(gone).toMatchObject({
      isRemoved: true,
      removed: expect.stringMatching(/^Erased on .* by event [\d,]+$/),
    })
  })

  test('keeps the person out while the directory lists them, and fingerprints change once', async () => {
    await next(scene)
    const { rows } = await populationOf(scene)
    expect(rows.find(({ subjectKey }) => subjectKey === scene.subjectKey)).toMatchObject({
      isRemoved: false,
      name: `Erased person ${scene.subjectKey.slice(0, 8)}`,
      login: null,
    })
    expect(await whereIs(scene.db.adminUrl, marks)).toEqual([])
    await next(scene)
    const { services, organizationId } = scene
    const kinds = await services.ledger.query(organizationId, { kind: 'now' }, async transaction =>
      transaction.execute<{ type: string }>(
        `select event_type as type from ledger.events where organization_id = '${organizationId}' and event_type like 'Evidence%' order by position desc limit 5`,
      ),
    )
    expect(kinds.filter(({ type }) => type === 'EvidenceReaffirmed').length).toBeGreaterThan(3)
  })

  test('an export verifies and names what was removed', async () => {
    await sealNow(scene.services, scene.organizationId)
    const { archive } = await makeArchive(scene, { kind: 'organization' })
    const report = await verify(archive.bytes)
    expect(report.steps.filter(({ status }) => status === 'fails')).toEqual([])
    expect(JSON.stringify(report)).toContain('purged')
    expect(archive.everything().toLowerCase()).not.toContain('zebrowska')
  })

  test('ends by a decision: the next sync stores the name again, and what was removed stays away', async () => {
    const { services } = scene
    await liftErasure(services, scene, { subjectKey: scene.subjectKey, reason: 'Hired again.' })
    await expect(
      liftErasure(services, scene, { subjectKey: scene.subjectKey, reason: 'Hired again.' }),
    ).rejects.toMatchObject({ code: 'not_found' })
    await next(scene)
    expect((await populationOf(scene, 'quirina')).rows).toHaveLength(1)
    expect((await verified(scene)).outcome).toBe('holds')
    expect(await rebuildWouldChange(services, scene.organizationId)).toEqual({})
  })
})

test('a run that read a person before the erasure attaches nothing of them', async () => {
  const scene = await seedCanary()
  const tenant = scene.entra.tenant(scene.spec.tenantId)
  tenant.setUser(3, { displayName: 'Quirina Zebrowska the third' })
  scene.clock.jump(hour)
  const { ledger } = scene.services
  let commands = 0
  const services = {
    ...scene.services,
    ledger: {
      ...ledger,
      // The second command of a run is its end: everything is staged by then.
      command: async <T>(...[organizationId, actor, work]: Parameters<typeof ledger.command<T>>) => {
        commands += 1
        if (commands === 2) await erase(scene)
        return ledger.command(organizationId, actor, work)
      },
    },
  }
  expect(await syncNow({ ...scene, services }, scene.connectionId)).toBe('lost')
  await purge(scene)
  expect(await whereIs(scene.db.adminUrl, marks)).toEqual([])
})

test('what the window has passed leaves no name in any table; a source that comes back after its time is stored again, though its items are the same', async () => {
  const scene = await seedCanary()
  const { services, organizationId, clock } = scene
  await revokeConnection(services, { organizationId, connectionId: scene.connectionId, userId: scene.userId })
  const revoked = clock.now()
  while (windowStart(clock.now(), 7) <= revoked) clock.jump(30 * 24 * hour)
  expect(await whereIs(scene.db.adminUrl, marks)).not.toEqual([])
  expect((await purge(scene)).removed).toBeGreaterThan(40)
  expect(await whereIs(scene.db.adminUrl, marks)).toEqual([])
  expect((await populationOf(scene)).rows.every(({ isRemoved }) => isRemoved)).toBe(true)
  const connectionId = await connectedScene(scene)
  expect(await syncNow(scene, connectionId)).toBe('succeeded')
  const { rows } = await populationOf(scene)
  expect(rows.every(({ isRemoved, name }) => !isRemoved && name !== '')).toBe(true)
  expect((await verified(scene)).outcome).toBe('holds')
  expect(await rebuildWouldChange(services, organizationId)).toEqual({})
})
