import { describe, expect, it } from 'vitest'
import { revokeConnection } from '../../server/connections/manage-connection.ts'
import { auditorCaller, ownerCaller } from '../support/caller.ts'
import { newPerson } from '../support/people.ts'
import { connectedScene, seedSyncedOrganization, syncNow } from '../support/seed.ts'

const minute = 60_000
const hour = 60 * minute
const scene = await seedSyncedOrganization()
const { clock, slug: organization, connectionId } = scene
const caller = ownerCaller(scene)

const overview = (asOf?: string) => caller.coverage.overview({ organization, ...(asOf ? { asOf } : {}) })

describe('coverage', () => {
  it('falls by time alone: no job runs for six hours, and what passed counts half', async () => {
    const fresh = await overview()
    expect(fresh.percent).toBeGreaterThan(0)
    expect(fresh.parts.passStale).toBe(0)
    clock.jump(6 * hour + minute)
    const stale = await overview()
    expect(stale.percent).toBeCloseTo(fresh.percent / 2, 0)
    expect(stale.parts).toMatchObject({ passFresh: 0, passStale: fresh.parts.passFresh })
    expect(stale.needs.map(need => need.title)).toContainEqual(
      expect.stringMatching(/has not synced for 6 hours/),
    )
    expect((await overview(fresh.asOf.instant.toISOString())).percent).toBe(fresh.percent)
  })

  it('comes back with the next sync, and the timeline shows the dent', async () => {
    await syncNow(scene, connectionId)
    const recovered = await overview()
    expect(recovered.parts.passStale).toBe(0)
    const { breakpoints, outages } = await caller.coverage.timeline({ organization, days: 2 })
    expect(breakpoints).toHaveLength(4)
    expect(breakpoints.at(-1)?.value).toBe(recovered.percent)
    expect(outages).toEqual([expect.objectContaining({ label: 'no sync, 6 h' })])
  })

  it('accounts for every hour: collected, missing, collected again', async () => {
    const { strip } = await overview()
    const users = strip.rows.find(row => row.kind === 'user_inventory')
    expect(users?.counts).toMatchObject({ collected: 1, reaffirmed: 1, failed: 0, unreadable: 0 })
    expect(users?.counts.missing).toBeGreaterThanOrEqual(4)
    expect(Object.values(users?.counts ?? {}).reduce((sum, count) => sum + count, 0)).toBe(96)
  })

  it('falls at once where the connection is revoked, and a look back still shows what was', async () => {
    const before = await overview()
    clock.jump(minute)
    await revokeConnection(scene.services, { ...scene, connectionId })
    const after = await overview()
    expect(after.percent).toBe(0)
    expect(after.parts).toMatchObject({ passFresh: 0, noData: 13 })
    expect(after.needs).toEqual([
      expect.objectContaining({ title: expect.stringMatching(/no longer connected/) }),
    ])
    expect((await overview(`${before.asOf.instant.toISOString()}@${before.asOf.position}`)).percent).toBe(
      before.percent,
    )
  })

  it('stays down until a new connection to the directory has synced itself', async () => {
    clock.jump(minute)
    const again = await connectedScene(scene)
    expect((await overview()).percent).toBe(0)
    await syncNow(scene, again)
    expect((await overview()).percent).toBeGreaterThan(0)
  })
})

describe('a control', () => {
  it('names who fails with the names of that moment, and the way on', async () => {
    const control = await caller.controls.get({ organization, controlId: 'AC-02' })
    expect(control.verdict).toBe('fail')
    const [source] = control.sources
    expect(source?.reasons[0]).toMatchObject({ verdict: 'fail', step: { to: 'controls/AC-02#subjects' } })
    expect(source?.population?.fail).toBe(
      control.subjects.subjects.filter(each => each.verdict === 'fail').length,
    )
    for (const subject of control.subjects.subjects) {
      expect(subject.name).not.toBeNull()
      expect(subject.login).toContain('@')
    }
  })

  it('is listed with its reason in words, beside those that wait for another source', async () => {
    const { criteria } = await caller.controls.list({ organization })
    expect(criteria.flatMap(each => each.controls.map(control => control.id)).sort()).toEqual([
      'AC-01',
      'AC-02',
      'AC-03',
      'AC-04',
      'AC-05',
      'AC-08',
      'AC-10',
      'AC-11',
      'AC-12',
      'AC-13',
      'AC-14',
      'AC-15',
      'AC-16',
    ])
    expect(criteria.flatMap(each => each.waiting.map(control => control.id)).sort()).toEqual([
      'AC-06',
      'AC-07',
      'AC-09',
    ])
    for (const control of criteria.flatMap(each => each.controls)) expect(control.because).not.toBe('')
  })

  it('that no catalogue knows is not found, nor is anything of an organization that one is no member of', async () => {
    const notFound = { code: 'NOT_FOUND' }
    await expect(caller.controls.get({ organization, controlId: 'AC-99' })).rejects.toMatchObject(notFound)
    const stranger = await newPerson(scene.services)
    const calls = [
      stranger.browser.call(theirs => theirs.coverage.overview({ organization })),
      stranger.browser.call(theirs => theirs.coverage.timeline({ organization })),
      stranger.browser.call(theirs => theirs.coverage.timelineCsv({ organization })),
      stranger.browser.call(theirs => theirs.controls.list({ organization })),
      stranger.browser.call(theirs => theirs.controls.get({ organization, controlId: 'AC-02' })),
      stranger.browser.call(theirs => theirs.organizations.shell({ organization })),
    ]
    await Promise.all(calls.map(call => expect(call).rejects.toMatchObject(notFound)))
  })
})

describe('an auditor', () => {
  it('sees the last moment of the period once it is over, and is refused any moment outside it', async () => {
    const to = clock.now()
    const from = new Date(to.getTime() - minute)
    clock.jump(hour)
    const auditor = await auditorCaller(scene, { from, to })
    const { asOf } = await auditor.organizations.shell({ organization })
    expect(asOf).toMatchObject({ instant: to, isNow: false })
    const outside = { code: 'NOT_FOUND' }
    for (const refused of [new Date(from.getTime() - minute), new Date(to.getTime() + minute)]) {
      const scope = { organization, asOf: refused.toISOString() }
      await expect(auditor.coverage.overview(scope)).rejects.toMatchObject(outside)
      await expect(auditor.coverage.timeline(scope)).rejects.toMatchObject(outside)
      await expect(auditor.coverage.timelineCsv(scope)).rejects.toMatchObject(outside)
      await expect(auditor.controls.list(scope)).rejects.toMatchObject(outside)
      await expect(auditor.controls.get({ ...scope, controlId: 'AC-02' })).rejects.toMatchObject(outside)
      await expect(auditor.organizations.shell(scope)).rejects.toMatchObject(outside)
    }
    await expect(auditor.coverage.overview({ organization, asOf: '0' })).rejects.toMatchObject(outside)
  })
})

it('the timeline as a file has a line for each step, with the moment it was asked for', async () => {
  const { body, filename, asOf } = await caller.coverage.timelineCsv({ organization, days: 30 })
  const { breakpoints } = await caller.coverage.timeline({ organization, days: 30 })
  const lines = body.trimEnd().split('\r\n')
  expect(filename).toBe(`coverage-${organization}-${asOf.instant.toISOString().slice(0, 10)}.csv`)
  expect(lines[1]).toBe(`as of,${asOf.instant.toISOString()},position,${asOf.position}`)
  expect(lines).toHaveLength(4 + breakpoints.length)
})
