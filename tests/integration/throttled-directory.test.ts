import { expect, test } from 'vitest'
import { connectedScene, syncNow, useScene } from '../support/seed.ts'

const users = 50_000
const minute = 60_000

const scene = await useScene({ size: users, riskySignInsPerDay: 60 })
const { clock, entra } = scene
const tenant = entra.tenant(scene.spec.tenantId)

/** What a sync asked for while Graph's limits hold, and how long it took by the clock that it keeps them on. */
async function syncUnderLimits(connectionId: string, cadence: 'hourly' | 'daily') {
  const asked = tenant.requests.length
  const begun = clock.now().getTime()
  expect(await syncNow(scene, connectionId, cadence)).toBe('succeeded')
  const requests = tenant.requests.slice(asked).filter(({ url }) => url.startsWith('/v1.0/'))
  return {
    of: (part: string) => requests.filter(({ url }) => url.includes(part)).length,
    refused: requests.filter(({ status }) => status === 429),
    took: clock.now().getTime() - begun,
  }
}

test('50,000 users are read under Graph’s limits without being refused once', async () => {
  const connectionId = await connectedScene(scene)
  await fetch(`${entra.origin}/_control/throttles`, {
    method: 'POST',
    body: JSON.stringify({ isEnforced: true }),
  })
  const hourly = await syncUnderLimits(connectionId, 'hourly')
  expect(hourly.refused).toEqual([])
  expect(hourly.of('/users?')).toBe(Math.ceil(users / 999))
  expect(hourly.of('userRegistrationDetails')).toBeGreaterThan(45)
  // Fifty requests, five at a time: the limit held, and nothing was waited for without need.
  expect(hourly.took).toBeGreaterThan(minute)
  expect(hourly.took).toBeLessThan(3 * minute)

  // A second sync right behind the first meets the room that the first one left.
  const next = await syncUnderLimits(connectionId, 'hourly')
  expect(next.refused).toEqual([])

  const daily = await syncUnderLimits(connectionId, 'daily')
  expect(daily.refused).toEqual([])
  expect(daily.of('signInActivity')).toBe(users / 500)
  expect(daily.took).toBeGreaterThan(9 * minute)
  expect(daily.took).toBeLessThan(11 * minute)
}, 300_000)
