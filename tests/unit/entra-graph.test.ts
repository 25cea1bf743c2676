import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRetryBudget } from '../../server/connectors/entra/backoff.ts'
import { createPaces, type Limit, limits } from '../../server/connectors/entra/graph/pace.ts'
import { pacing } from '../../server/connectors/entra/graph/pacing.ts'
import type { Bucket } from '../../server/connectors/entra/graph/paths.ts'
import { type Exchange, RequestTally } from '../../server/connectors/entra/graph/step.ts'
import { createNetwork } from '../../server/connectors/entra/network.ts'
import { retryAfter } from '../../server/connectors/entra/retry-after.ts'
import { errorOf, jumpingClock } from '../support/entra.ts'

const { signal } = new AbortController()

describe('Retry-After', () => {
  const now = new Date('2025-03-10T09:00:00Z')
  test.each([
    ['10', 10_000],
    ['2.128', 2_128],
    ['0', 0],
    ['Mon, 10 Mar 2025 09:00:30 GMT', 30_000],
    ['Mon, 10 Mar 2025 08:00:00 GMT', 0],
    ['soon', null],
    ['', null],
    ['-5', null],
  ])('"%s" is %s ms', (value, expected) => {
    const parsed = retryAfter(new Headers({ 'retry-after': value }), now)
    // A bare negative number is read as a year by Date.parse; whatever it is, it never asks to wait.
    if (value === '-5') expect(parsed ?? 0).toBe(0)
    else expect(parsed).toBe(expected)
  })

  test('a date is read beside the date of the answer, whatever time it is here', () => {
    const headers = { date: 'Mon, 10 Mar 2025 12:00:00 GMT', 'retry-after': 'Mon, 10 Mar 2025 12:00:20 GMT' }
    expect(retryAfter(new Headers(headers), now)).toBe(20_000)
  })
})

describe('the pace', () => {
  const graph = 'https://graph.microsoft.com/v1.0'
  const address: Record<Bucket, string> = {
    protection: `${graph}/identityProtection/riskyUsers`,
    reports: `${graph}/auditLogs/signIns`,
    activity: `${graph}/users?$select=id,signInActivity`,
    directory: `${graph}/users`,
  }
  const buckets = Object.keys(address) as Bucket[]
  const one = { externalTenantId: randomUUID(), clientId: randomUUID(), cloud: 'global' }
  const other = { ...one, clientId: randomUUID() }

  /** Reserves without waiting for the slot before, as requests do that are sent side by side. */
  function startsOf(requests: readonly { bucket: Bucket; settings: typeof one; gap: number }[]) {
    const paces = createPaces()
    let now = 0
    return requests.map(({ bucket, settings, gap }) => {
      now += gap
      return { bucket, settings, now, at: paces.of(settings).reserve(bucket, now) }
    })
  }

  function expectNoFullerThan(starts: readonly { at: number }[], { requests, per }: Limit) {
    const inOrder = starts.map(({ at }) => at).sort((a, b) => a - b)
    for (const [index, at] of inOrder.entries()) {
      const later = inOrder[index + requests]
      if (later !== undefined) expect(later - at).toBeGreaterThanOrEqual(per)
    }
  }

  test('keeps every limit, whatever is asked for when, and sign-in activity among the reports', () => {
    const request = fc.record({
      bucket: fc.constantFrom(...buckets),
      settings: fc.constantFrom(one, other),
      gap: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 4_000 })),
    })
    fc.assert(
      fc.property(fc.array(request, { maxLength: 60 }), requests => {
        const starts = startsOf(requests)
        for (const { now, at } of starts) expect(at).toBeGreaterThanOrEqual(now)
        expectNoFullerThan(
          starts.filter(({ bucket }) => bucket === 'protection'),
          limits.protection,
        )
        for (const settings of [one, other]) {
          const own = starts.filter(start => start.settings === settings)
          const of = (...names: Bucket[]) => own.filter(({ bucket }) => names.includes(bucket))
          expectNoFullerThan(of('reports', 'activity'), limits.reports)
          expectNoFullerThan(of('activity'), limits.activity)
          expectNoFullerThan(of('directory'), limits.directory)
        }
      }),
    )
  })

  test('holds no request back where there is room', () => {
    const starts = startsOf(buckets.map(bucket => ({ bucket, settings: one, gap: 0 })))
    expect(starts.map(({ at }) => at)).toEqual([0, 0, 0, 0])
  })

  test('holds for requests that are sent side by side, of whatever runs and connections', async () => {
    const slept: number[] = []
    const now = new Date()
    const paces = createPaces()
    const clock = { now: () => now, sleep: async (milliseconds: number) => void slept.push(milliseconds) }
    const send = (settings: typeof one) =>
      pacing(clock, paces.of(settings))(exchange(address.protection), async () => new Response())
    await Promise.all([one, other, one].map(send))
    expect(slept).toEqual([1_100, 2_200])
  })

  test('lets a report pass while a slot for sign-in activity is promised, and still keeps the limit', () => {
    const pace = createPaces().of(one)
    expect([1, 2].map(() => pace.reserve('activity', 0))).toEqual([0, 6_100])
    expect([1, 2, 3].map(() => pace.reserve('reports', 0))).toEqual([0, 0, 0])
    // With the two of sign-in activity that are five within 10.5 seconds.
    expect(pace.reserve('reports', 0)).toBe(10_500)
  })

  test('does not wait for as long as a clock was wrong that is set back', () => {
    const pace = createPaces().of(one)
    const day = 86_400_000
    expect(pace.reserve('protection', day)).toBe(day)
    expect(pace.reserve('protection', 0)).toBe(1_100)
  })

  const exchange = (url: string): Exchange => ({
    url: new URL(url),
    method: 'GET',
    headers: {},
    signal,
    tally: new RequestTally(),
  })
})

describe('the retry budget', () => {
  test('is never overdrawn, and ends', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(fc.integer({ min: 0, max: 90_000 })), { maxLength: 60 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        async (asked, random) => {
          const clock = jumpingClock()
          const budget = createRetryBudget({ clock, limit: 300_000, random: () => random })
          for (const retryAfter of asked) {
            const before = clock.slept.length
            const granted = await budget.wait({ startedAt: clock.now(), attempt: 1, retryAfter, signal })
            expect(clock.slept.length - before).toBe(granted ? 1 : 0)
            if (granted && retryAfter !== null) expect(clock.slept.at(-1)).toBeGreaterThanOrEqual(retryAfter)
          }
          expect(clock.slept.reduce((sum, pause) => sum + pause, 0)).toBeLessThanOrEqual(300_000)
        },
      ),
    )
  })

  test('counts the time that failed attempts took', async () => {
    const clock = jumpingClock()
    const budget = createRetryBudget({ clock, limit: 60_000 })
    const startedAt = clock.now()
    clock.jump(60_000)
    expect(await budget.wait({ startedAt, attempt: 1, retryAfter: null, signal })).toBe(false)
  })
})

describe('the way out', () => {
  const network = createNetwork({ loginOrigin: 'http://127.0.0.1:9', graphOrigin: 'http://127.0.0.1:10' })

  test('leads from Microsoft hosts to the stand-ins, path and query unchanged', () => {
    expect(network.route('https://graph.microsoft.us/v1.0/users?$top=9')).toBe(
      'http://127.0.0.1:10/v1.0/users?$top=9',
    )
    expect(network.route('https://login.microsoftonline.com/t/oauth2')).toBe('http://127.0.0.1:9/t/oauth2')
  })

  test.each([
    'https://example.net/',
    'http://graph.microsoft.com/',
    'https://graph.microsoft.com.example.net/',
    'http://127.0.0.1:9/',
  ])('does not lead to %s', async url => {
    expect(await errorOf(network.send(url, { method: 'GET', headers: {} }))).toMatchObject({
      name: 'RequestForbidden',
    })
  })
})
