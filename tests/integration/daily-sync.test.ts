import { and, asc, eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { evidence } from '../../db/schema/ledger.ts'
import { syncSchedule } from '../../db/schema/state.ts'
import { revokeConnection } from '../../server/connections/manage-connection.ts'
import { sweepOverdue } from '../../server/connections/sweep.ts'
import { startRun } from '../../server/evidence/start-run.ts'
import { ownerCaller } from '../support/caller.ts'
import { dispatchDue } from '../support/dispatch.ts'
import { connectedScene, type Scene, seedSyncedOrganization, syncNow, useScene } from '../support/seed.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const jobsNamed = (scene: Scene, name: string) => scene.jobs.filter(job => job.name === name)
const tenantOf = (scene: Scene) => scene.entra.tenant(scene.spec.tenantId)
const activityRequests = (scene: Scene) =>
  tenantOf(scene).requests.filter(({ url }) => url.includes('signInActivity'))

const schedules = ({ services, organizationId }: Scene) =>
  services.database.withOrganization(organizationId, transaction =>
    transaction
      .select({ cadence: syncSchedule.cadence, dueAt: syncSchedule.dueAt, runId: syncSchedule.runId })
      .from(syncSchedule)
      .where(eq(syncSchedule.organizationId, organizationId))
      .orderBy(asc(syncSchedule.cadence)),
  )

const activityOf = async (scene: Scene) => {
  const { sources } = await ownerCaller(scene).evidence.list({ organization: scene.slug })
  return sources[0]?.kinds.find(({ kind }) => kind === 'sign_in_activity')
}

describe('what is read once a day', () => {
  test('comes by a job of its own, right after connecting, and by another a day later', async () => {
    const scene = await useScene()
    const connectionId = await connectedScene(scene)
    expect(scene.jobs.map(({ name }) => name)).toEqual(['sync', 'sync-daily'])
    expect(await dispatchDue(scene)).toEqual(['succeeded', 'succeeded'])
    expect(jobsNamed(scene, 'sync')).toHaveLength(1)
    const [next] = jobsNamed(scene, 'sync-daily')
    expect(next?.payload).toMatchObject({ connectionId, trigger: 'schedule' })
    const wait = (next?.startAfter?.getTime() ?? 0) - scene.clock.now().getTime()
    expect(wait).toBeGreaterThanOrEqual(2 * hour - minute)
    expect(wait).toBeLessThanOrEqual(26 * hour)

    for (let minutes = 0; minutes < 27 * 60; minutes += 10) {
      scene.clock.jump(10 * minute)
      await dispatchDue(scene)
    }
    const runs = await ownerCaller(scene).connections.runs({
      organization: scene.slug,
      connectionId,
      limit: 100,
    })
    // Where its own time of day comes within three hours, these 27 hours have it twice.
    expect(runs.runs.filter(run => run.cadence === 'daily')).toHaveLength(wait <= 3 * hour ? 3 : 2)
    expect(runs.runs.filter(run => run.cadence === 'hourly').length).toBeGreaterThanOrEqual(27)
    expect(runs.runs.every(run => run.outcome === 'succeeded')).toBe(true)
  })

  test('is asked for with exactly this request, and counted against the directory', async () => {
    const scene = await useScene({ size: 1_200 })
    const connectionId = await connectedScene(scene)
    expect(await syncNow(scene, connectionId, 'daily')).toBe('succeeded')
    expect(activityRequests(scene)[0]?.url).toBe('/v1.0/users?$select=id,signInActivity&$top=500')
    expect(activityRequests(scene)).toHaveLength(3)
    expect((await activityOf(scene))?.populationCount).toBe(1_200)
  })

  test('never holds up the hourly run, nor waits for it', async () => {
    const scene = await useScene()
    const connectionId = await connectedScene(scene)
    const job = {
      organizationId: scene.organizationId,
      connectionId,
      trigger: 'manual',
      dueAt: null,
    } as const
    const daily = await startRun(scene.services, job, 'daily')
    expect(daily?.kinds).toEqual(['sign_in_activity'])
    expect(await syncNow(scene, connectionId)).toBe('succeeded')
    expect(await ownerCaller(scene).connections.syncNow({ organization: scene.slug, connectionId })).toEqual({
      isQueued: true,
    })
    // The hourly run neither ended nor took over the one that is still reading.
    expect((await schedules(scene)).map(({ cadence, runId }) => [cadence, runId])).toEqual([
      ['daily', daily?.runId],
      ['hourly', null],
    ])
    const page = await ownerCaller(scene).connections.get({ organization: scene.slug, connectionId })
    expect(page.newestRun).toMatchObject({ cadence: 'hourly', outcome: 'succeeded' })
    expect(page.daily?.newestRun).toMatchObject({ cadence: 'daily', outcome: 'running' })

    const other = await useScene()
    const id = await connectedScene(other)
    expect(
      await startRun(other.services, { ...job, organizationId: other.organizationId, connectionId: id }),
    ).not.toBeNull()
    expect(await syncNow(other, id, 'daily')).toBe('succeeded')
  })
})

describe('sign-in activity', async () => {
  const scene = await seedSyncedOrganization({ size: 260 })
  const { slug: organization, connectionId } = scene
  const caller = ownerCaller(scene)
  const before = await caller.coverage.overview({ organization })
  expect(await syncNow(scene, connectionId, 'daily')).toBe('succeeded')

  test('lists every account by name, with when it was last seen and how long it is silent', async () => {
    const page = await caller.evidence.population({ organization, kind: 'sign_in_activity' })
    expect(page.total).toBe(260)
    const users = await caller.evidence.population({ organization, kind: 'user_inventory' })
    expect(page.rows.map(row => [row.subjectKey, row.name, row.login])).toEqual(
      users.rows.map(row => [row.subjectKey, row.name, row.login]),
    )
    const seen = page.rows.filter(row => row.cells.success?.at)
    expect(seen.length).toBeGreaterThan(0)
    for (const { cells } of seen) expect(cells.silent?.text).toMatch(/^(less than a day|\d+ days?)$/)
    const [first] = users.rows
    const found = await caller.evidence.population({
      organization,
      kind: 'sign_in_activity',
      search: first?.name.slice(0, 6) ?? '',
    })
    expect(found.rows.map(row => row.subjectKey)).toContain(first?.subjectKey)
  })

  test('never seen is said in one way, whichever of its three ways the directory takes', async () => {
    const rows: { cells: Record<string, { text: string; at: Date | null }> }[] = []
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<typeof caller.evidence.population>> = await caller.evidence.population({
        organization,
        kind: 'sign_in_activity',
        ...(cursor ? { cursor } : {}),
      })
      rows.push(...page.rows)
      cursor = page.next
    } while (cursor)
    const never = rows.filter(row => row.cells.success?.text === 'Never')
    const { state } = await caller.evidence.kind({ organization, kind: 'sign_in_activity' })
    expect(never.length).toBeGreaterThan(0)
    expect(state.evidence?.summary).toMatchObject({ accounts: 260, never: never.length })
    const { within30Days, within90Days, longerAgo } = state.evidence?.summary ?? {}
    expect(Number(within30Days) + Number(within90Days) + Number(longerAgo) + never.length).toBe(260)
    expect(rows.every(row => !row.cells.success?.text.startsWith('0001'))).toBe(true)
  })

  test('serves what asks for it: until it comes nothing is known of unused accounts, and the collector is not fresh', async () => {
    const { controls } = await caller.evidence.kind({ organization, kind: 'sign_in_activity' })
    expect(controls.map(({ id }) => id)).toEqual(['AC-08', 'AC-16'])
    const of = async (controlId: string, asOf?: string) =>
      caller.controls.get({ organization, controlId, ...(asOf ? { asOf } : {}) })
    const then = `${before.asOf.instant.toISOString()}@${before.asOf.position}`
    expect((await of('AC-08', then)).verdict).toBe('no_data')
    expect(await of('AC-16', then)).toMatchObject({ verdict: 'pass', freshness: 'never' })
    expect(['pass', 'fail']).toContain((await of('AC-08')).verdict)
    expect(await of('AC-16')).toMatchObject({ verdict: 'pass', freshness: 'fresh' })
  })

  test('has a row of its own in the strip of hours, in which the hours between are not missing', async () => {
    const { strip } = await caller.coverage.overview({ organization })
    const row = strip.rows.find(({ kind }) => kind === 'sign_in_activity')
    expect(row?.counts).toMatchObject({ collected: 1, missing: 0, failed: 0 })
  })

  test('is stale after 30 hours and expired after 54, while the connection is as fresh as its hourly kinds', async () => {
    const collected = (await activityOf(scene))?.lastSuccessAt ?? new Date(0)
    const at = async (milliseconds: number) => {
      const asOf = new Date(collected.getTime() + milliseconds).toISOString()
      const { sources } = await caller.evidence.list({ organization, asOf })
      return sources[0]?.kinds.find(({ kind }) => kind === 'sign_in_activity')?.freshness
    }
    scene.clock.jump(55 * hour)
    expect(await syncNow(scene, connectionId)).toBe('succeeded')
    expect([await at(30 * hour), await at(30 * hour + 1)]).toEqual(['fresh', 'stale'])
    expect([await at(54 * hour), await at(54 * hour + 1)]).toEqual(['stale', 'expired'])
    const { connection } = await caller.connections.get({ organization, connectionId })
    expect(connection.freshness).toBe('fresh')
    const { needs, sources } = await caller.coverage.overview({ organization })
    expect(sources[0]?.state).toBe('fresh')
    expect(needs.map(({ title }) => title)).toContainEqual(
      expect.stringMatching(/^Sign-in activity did not come for 2 days/),
    )
  })

  test('a day later tells whom it changed, by name', async () => {
    expect(await syncNow(scene, connectionId, 'daily')).toBe('succeeded')
    const { history } = await caller.evidence.kind({ organization, kind: 'sign_in_activity' })
    const row = await caller.evidence.get({ organization, id: history.rows[0]?.id ?? '' })
    expect(row.evidence.changed.changed.length).toBeGreaterThan(0)
    for (const { name, subjectKey } of row.evidence.changed.changed) {
      expect(name).not.toBe('')
      expect(name).not.toBe(subjectKey)
    }
  })
})

describe('a daily run that does not bring its kind', () => {
  test('of a directory without P1 is settled: the inventory comes, and the next try is a day later', async () => {
    const scene = await useScene({ licence: 'none' })
    const connectionId = await connectedScene(scene)
    expect(await dispatchDue(scene)).toEqual(['succeeded', 'succeeded'])
    expect(await activityOf(scene)).toMatchObject({ freshness: 'never', unavailable: { reason: 'licence' } })
    const { sources } = await ownerCaller(scene).evidence.list({ organization: scene.slug })
    expect(sources[0]?.kinds.find(({ kind }) => kind === 'user_inventory')?.populationCount).toBe(
      scene.spec.size,
    )
    const { connection } = await ownerCaller(scene).connections.get({
      organization: scene.slug,
      connectionId,
    })
    expect(connection.kinds.at(-1)).toMatchObject({ state: 'unavailable', isSettled: true })
    scene.clock.jump(hour + 30 * minute)
    await dispatchDue(scene)
    expect(activityRequests(scene)).toHaveLength(1)
  })

  test('is tried again within the hour, so that one bad hour does not make it stale', async () => {
    const scene = await useScene()
    await connectedScene(scene)
    await dispatchDue(scene)
    tenantOf(scene).fault({ kind: 'html-200', path: 'signInActivity', times: 2 })
    // Its own time of day comes within 26 hours, and each of the two further tries within another two.
    for (let hours = 0; hours < 31; hours += 1) {
      scene.clock.jump(hour)
      await dispatchDue(scene)
    }
    const rows = await scene.services.database.withOrganization(scene.organizationId, transaction =>
      transaction
        .select({ id: evidence.id })
        .from(evidence)
        .where(and(eq(evidence.organizationId, scene.organizationId), eq(evidence.kind, 'sign_in_activity'))),
    )
    expect(rows.length).toBeGreaterThanOrEqual(2)
    expect((await activityOf(scene))?.freshness).toBe('fresh')
  })
})

describe('the sweep', () => {
  test('begins the daily schedule of a connection that is older than the kind, once', async () => {
    const scene = await seedSyncedOrganization()
    const { services, organizationId } = scene
    await services.database.withOrganization(organizationId, transaction =>
      transaction
        .delete(syncSchedule)
        .where(and(eq(syncSchedule.organizationId, organizationId), eq(syncSchedule.cadence, 'daily'))),
    )
    scene.jobs.splice(0)
    const before = await ownerCaller(scene).connections.get({
      organization: scene.slug,
      connectionId: scene.connectionId,
    })
    expect(before.connection).toMatchObject({ freshness: 'fresh' })
    expect(before.daily).toMatchObject({ nextSyncAt: null, newestRun: null })
    expect(
      (await ownerCaller(scene).coverage.overview({ organization: scene.slug })).strip.rows.at(-1),
    ).toMatchObject({ kind: 'sign_in_activity', counts: { missing: 0 } })

    expect(await sweepOverdue(services)).toBe(1)
    expect(await sweepOverdue(services)).toBe(0)
    const synced = scene.jobs.filter(({ name }) => name.startsWith('sync'))
    expect(synced.map(({ name, payload }) => [name, payload])).toMatchObject([
      ['sync-daily', { trigger: 'sweep' }],
    ])
    expect(await dispatchDue(scene)).toEqual(['succeeded'])
    expect((await activityOf(scene))?.freshness).toBe('fresh')
  })

  test('finds a daily sync whose job was lost, and two jobs of one slot run once', async () => {
    const scene = await useScene()
    await connectedScene(scene)
    await dispatchDue(scene)
    scene.jobs.splice(0)
    scene.clock.jump(27 * hour)
    expect(await sweepOverdue(scene.services)).toBe(2)
    expect(await sweepOverdue(scene.services)).toBe(2)
    expect((await dispatchDue(scene)).sort()).toEqual([
      'nothing_to_do',
      'nothing_to_do',
      'succeeded',
      'succeeded',
    ])
  })

  test('goes on where one organization cannot be swept', async () => {
    const scene = await seedSyncedOrganization()
    scene.jobs.splice(0)
    scene.clock.jump(day)
    const { services } = scene
    let calls = 0
    const away = async () => {
      calls += 1
      throw new Error('the queue is away')
    }
    const broken = { ...services, queue: { enqueue: away, enqueueAll: away } }
    expect(await sweepOverdue(broken)).toBe(0)
    expect(calls).toBeGreaterThan(0)
  })
})

test('revoking ends both schedules, and a daily run in flight', async () => {
  const scene = await seedSyncedOrganization()
  const { services, organizationId, userId, connectionId } = scene
  const job = { organizationId, connectionId, trigger: 'manual', dueAt: null } as const
  await startRun(services, job, 'daily')
  await revokeConnection(services, { organizationId, connectionId, userId })
  expect(await schedules(scene)).toEqual([])
  const { runs } = await ownerCaller(scene).connections.runs({ organization: scene.slug, connectionId })
  expect(runs.map(({ cadence, outcome }) => [cadence, outcome])).toEqual([
    ['daily', 'failed'],
    ['hourly', 'succeeded'],
  ])
  scene.clock.jump(2 * day)
  expect(await dispatchDue(scene)).toEqual(['nothing_to_do', 'nothing_to_do', 'nothing_to_do'])
})
