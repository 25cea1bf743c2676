import { expect, test } from 'vitest'
import { revokeConnection } from '../../server/connections/manage-connection.ts'
import { watchConnection } from '../../server/connections/observe-silence.ts'
import { sweepOverdue } from '../../server/connections/sweep.ts'
import { jobSchemas } from '../../server/queue.ts'
import { ownerCaller } from '../support/caller.ts'
import { connectedScene, syncNow, useScene } from '../support/seed.ts'
import { useSoundness } from '../support/soundness.ts'

const hour = 3_600_000
const minute = 60_000

const scene = await useScene()
const { services, clock, slug: organization, organizationId, userId, entra, spec, jobs } = scene
const { expectWhole, expectReplayed } = useSoundness(scene)
const caller = ownerCaller(scene)
const connectionId = await connectedScene(scene)
const tenant = entra.tenant(spec.tenantId)

const told = ['ConnectionBecameStale', 'ConnectionRecovered', 'AlertRaised', 'AlertReminded', 'AlertResolved']

/** What the ledger says of staleness since the last question, the oldest first. */
let seen = -1
async function news() {
  const { events } = await caller.ledger.events({ organization })
  const fresh = events.filter(({ position }) => position > seen).reverse()
  seen = fresh.at(-1)?.position ?? seen
  return fresh.filter(isOfStaleness).map(({ type }) => type)
}

/** AC-16 fails, too, while nothing can be read, and has alerts of its own. */
const isOfStaleness = ({ type, words }: { type: string; words: string }) =>
  told.includes(type) &&
  (type !== 'AlertRaised' || words.includes('has not been read')) &&
  (type !== 'AlertResolved' || !words.includes('control passes'))

const stale = ['ConnectionBecameStale', 'AlertRaised']
const over = ['ConnectionRecovered', 'AlertResolved']

test('while something comes every hour nothing is told', async () => {
  for (let run = 0; run < 4; run++) {
    expect(await syncNow(scene, connectionId)).toBe('succeeded')
    await sweepOverdue(services)
    clock.jump(hour)
  }
  expect(await news()).toEqual([])
})

test('the look at the moment itself finds the outage, once; the sweep and later looks find nothing more', async () => {
  expect(await syncNow(scene, connectionId)).toBe('succeeded')
  const last = clock.now()
  const look = jobs.findLast(({ name }) => name === 'watch-connection')
  expect(look?.startAfter).toEqual(new Date(last.getTime() + 6 * hour + 1))
  clock.jump(6 * hour)
  await watch()
  expect(await news()).toEqual([])
  clock.jump(1)
  await watch()
  await watch()
  await sweepOverdue(services)
  clock.jump(5 * hour)
  await sweepOverdue(services)
  expect(await news()).toEqual(stale)
  const { events } = await caller.ledger.events({ organization, type: 'ConnectionBecameStale' })
  const detail = await caller.ledger.event({ organization, position: events[0]?.position ?? -1 })
  expect(JSON.stringify(detail)).toContain(new Date(last.getTime() + 6 * hour).toISOString())
})

test('a source that fails does not end it, the next success does, and only then can the next outage begin', async () => {
  tenant.fault({ kind: 'status', status: 503 })
  expect(await syncNow(scene, connectionId)).not.toBe('succeeded')
  expect(await news()).toEqual([])
  tenant.clearFaults()
  expect(await syncNow(scene, connectionId)).toBe('succeeded')
  await sweepOverdue(services)
  expect(await news()).toEqual(over)
})

test('with the worker down all the while its return tells both, in their order, though the first sync succeeds', async () => {
  clock.jump(9 * hour)
  expect(await syncNow(scene, connectionId)).toBe('succeeded')
  expect(await news()).toEqual([...stale, ...over])
  await sweepOverdue(services)
  expect(await news()).toEqual([])
})

test('daily evidence has a threshold of its own: it neither raises the connection’s alert nor ends it', async () => {
  for (let run = 0; run < 32; run++) {
    clock.jump(hour)
    expect(await syncNow(scene, connectionId)).toBe('succeeded')
  }
  await sweepOverdue(services)
  expect(await news()).toEqual([])
  clock.jump(7 * hour)
  expect(await syncNow(scene, connectionId, 'daily')).toBe('succeeded')
  expect(await news()).toEqual(stale)
})

test('a day later there is one reminder, of several sweeps', async () => {
  clock.jump(23 * hour)
  await sweepOverdue(services)
  expect(await news()).toEqual([])
  clock.jump(hour + minute)
  await sweepOverdue(services)
  await sweepOverdue(services)
  clock.jump(hour)
  await sweepOverdue(services)
  expect(await news()).toEqual(['AlertReminded'])
  await syncNow(scene, connectionId)
  expect(await news()).toEqual(over)
})

test('of looks, sweeps and a success at once there is one transition each', async () => {
  for (let round = 0; round < 3; round++) {
    clock.jump(7 * hour)
    await Promise.all([
      watch(),
      sweepOverdue(services),
      syncNow(scene, connectionId),
      sweepOverdue(services),
      watch(),
    ])
    await syncNow(scene, connectionId)
    const happened = await news()
    for (const type of [...stale, ...over]) {
      expect(happened.filter(each => each === type)).toHaveLength(1)
    }
  }
})

test('revoking while it is stale ends the alert; what comes after tells nothing', async () => {
  clock.jump(7 * hour)
  await Promise.all([
    watch(),
    revokeConnection(services, { organizationId, connectionId, userId }),
    sweepOverdue(services),
  ])
  await watch()
  await sweepOverdue(services)
  const happened = await news()
  expect(happened.filter(type => type === 'AlertRaised').length).toBe(
    happened.filter(type => type === 'AlertResolved').length,
  )
  expect(happened.filter(type => type === 'ConnectionBecameStale').length).toBeLessThan(2)
  expect(await news()).toEqual([])
  await expectWhole(organizationId)
  await expectReplayed(organizationId)
})

const watch = () =>
  watchConnection(services, jobSchemas['watch-connection'].parse({ organizationId, connectionId }))
