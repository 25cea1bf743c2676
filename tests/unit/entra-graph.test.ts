import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRetryBudget } from '../../server/connectors/entra/backoff.ts'
import { pacing } from '../../server/connectors/entra/graph/pacing.ts'
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
})

describe('the pace', () => {
  const limits = [
    ['https://graph.microsoft.com/v1.0/identityProtection/riskyUsers', 1, 1_100],
    ['https://graph.microsoft.com/v1.0/auditLogs/signIns', 5, 10_000],
    ['https://graph.microsoft.com/v1.0/users', 300, 10_000],
  ] as const

  test.each(limits)(
    'of %s: no more than %i in any %i ms, however the requests come',
    async (url, most, per) => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 4_000 }), { maxLength: 40 }), async gaps => {
          const clock = jumpingClock()
          const step = pacing(clock)
          const starts: number[] = []
          for (const gap of gaps) {
            clock.jump(gap)
            await step(exchange(url), async () => {
              starts.push(clock.now().getTime())
              return new Response()
            })
          }
          for (const [index, start] of starts.entries()) {
            const later = starts[index + most]
            if (later !== undefined) expect(later - start).toBeGreaterThanOrEqual(per)
          }
        }),
      )
    },
  )

  test('holds for requests that are sent side by side', async () => {
    const slept: number[] = []
    const now = new Date()
    const step = pacing({ now: () => now, sleep: async milliseconds => void slept.push(milliseconds) })
    const url = 'https://graph.microsoft.com/v1.0/identity/conditionalAccess/policies'
    await Promise.all([1, 2, 3].map(() => step(exchange(url), async () => new Response())))
    expect(slept).toEqual([1_100, 2_200])
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
      name: 'UnknownHost',
    })
  })
})
