import { describe, expect, test } from 'vitest'
import { startRun } from '../../server/evidence/start-run.ts'
import { newId } from '../../server/ledger/ids.ts'
import { createCaller } from '../../server/trpc/router.ts'
import { auditorCaller, contextOf, newMember, ownerCaller } from '../support/caller.ts'
import { seedSyncedOrganization, syncNow } from '../support/seed.ts'

const hour = 3_600_000
const day = 24 * hour

describe('an auditor whose period begins in the middle of a history', async () => {
  const scene = await seedSyncedOrganization()
  const { slug: organization, connectionId, clock } = scene
  const owner = ownerCaller(scene)
  const gone = await newMember(scene, 'viewer')
  await owner.memberRemove({ organization, userId: gone.id, confirmation: gone.email })
  clock.jump(12 * hour)
  const from = clock.now()
  clock.jump(12 * hour)
  await syncNow(scene, connectionId)
  clock.jump(hour)
  const auditor = await auditorCaller(scene, { from, to: new Date(from.getTime() + 30 * day) })

  test('is shown the runs and the steps of a connection that lie in it', async () => {
    const runs = await auditor.connections.runs({ organization, connectionId })
    expect(runs.runs).toHaveLength(1)
    expect((await owner.connections.runs({ organization, connectionId })).runs).toHaveLength(2)
    const page = await auditor.connections.get({ organization, connectionId })
    // It went stale before the period began, which the first run inside it noticed.
    expect(page.history.map(({ type }) => type)).toEqual(['ConnectionRecovered', 'ConnectionBecameStale'])
    expect(page.connection.connectedAt.getTime()).toBeLessThan(from.getTime())
  })

  test('is drawn coverage from its beginning on, whatever reach is asked for', async () => {
    const timeline = await auditor.coverage.timeline({ organization, days: 366 })
    expect(timeline.breakpoints.length).toBeGreaterThan(0)
    for (const { at } of [...timeline.breakpoints, ...timeline.plot.steps]) {
      expect(at.getTime()).toBeGreaterThanOrEqual(from.getTime())
    }
    const { plot, strip } = await auditor.coverage.overview({ organization })
    for (const { at } of plot.steps) expect(at.getTime()).toBeGreaterThanOrEqual(from.getTime())
    const seen = strip.rows.flatMap(row => row.cells).filter(cell => cell.state !== 'none')
    expect(seen.length).toBeGreaterThan(0)
    for (const { at } of seen) expect(at.getTime()).toBeGreaterThan(from.getTime() - hour)
    const control = await auditor.controls.get({ organization, controlId: 'AC-02' })
    const judged = control.timeline.segments.filter(segment => segment.state !== 'none')
    expect(judged.length).toBeGreaterThan(0)
    for (const segment of judged) expect(segment.from.getTime()).toBeGreaterThanOrEqual(from.getTime())
  })

  test('sees today’s coverage like everybody else', async () => {
    const [theirs, ours] = await Promise.all([
      auditor.coverage.overview({ organization }),
      owner.coverage.overview({ organization }),
    ])
    expect(theirs.percent).toBe(ours.percent)
  })

  test('is offered the actors of the period, and is not told how far the ledger goes', async () => {
    const actors = async (caller: typeof owner) =>
      (await caller.ledger.events({ organization })).choices.actors.map(({ id }) => id)
    expect(await actors(owner)).toContain(`user:${gone.id}`)
    expect(await actors(auditor)).not.toContain(`user:${gone.id}`)
    expect(await actors(auditor)).toContain(`user:${scene.userId}`)
    const { size } = await owner.ledger.head({ organization })
    const beyond = auditor.organizations.shell({ organization, asOf: '999999' })
    await expect(beyond).rejects.not.toThrow(String(size - 1))
  })

  test('can leave before it begins', async () => {
    const early = {
      from: new Date(clock.now().getTime() + day),
      to: new Date(clock.now().getTime() + 2 * day),
    }
    const caller = await auditorCaller(scene, early)
    await expect(caller.organizations.shell({ organization })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(caller.memberLeave({ organization, confirmation: organization })).resolves.toBeUndefined()
  })
})

test('a member who is removed sees no more of a run that is being followed', async () => {
  const scene = await seedSyncedOrganization()
  const { slug: organization, organizationId, connectionId, services } = scene
  const member = await newMember(scene, 'viewer')
  const { newestEndedRun } = await ownerCaller(scene).connections.get({ organization, connectionId })
  const input = { organization, connectionId, afterRun: newestEndedRun }
  const ending = new AbortController()
  const caller = createCaller(contextOf(services, member), { signal: ending.signal })
  const stream = (await caller.connections.progress(input))[Symbol.asyncIterator]()
  expect((await stream.next()).done).toBe(false)
  const removal = { organization, userId: member.id, confirmation: member.email }
  await ownerCaller(scene).memberRemove(removal)
  await startRun(services, { organizationId, connectionId, trigger: 'manual', dueAt: null })
  await services.database.notify('sync_progress', [organizationId, connectionId, newId()].join(':'))
  await expect(stream.next()).rejects.toMatchObject({ code: 'not_found' })
  ending.abort()
})
