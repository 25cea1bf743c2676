import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Ac14Input, judgeAc14 } from '../../server/domain/control/rules/ac-14.ts'
import { verdictAt } from '../../server/domain/control/verdict.ts'
import { explainReason, verdictWords } from '../../server/domain/control/words.ts'
import { after, at, day, hour } from './control-facts.ts'

const window = (fromHour: number, toHour: number) => ({
  from: after(fromHour * hour),
  to: after(toHour * hour),
})

const judge = (more: Partial<Ac14Input> = {}) =>
  judgeAc14({
    windows: [window(-720, 0)],
    since: after(-30 * day),
    at,
    staleAfter: 6 * hour,
    riskyUsers: 'collected',
    riskVisible: true,
    ...more,
  })

describe('AC-14, suspicious sign-ins are watched', () => {
  it('passes on a feed without a gap, also where nothing happened', () => {
    expect(judge()).toMatchObject({
      verdict: 'pass',
      population: { inScope: 720, pass: 720, fail: 0 },
      changes: [],
    })
  })

  it('merges windows that overlap, touch or lie in any order', () => {
    const windows = [window(-300, 0), window(-720, -400), window(-400, -300), window(-390, -310)]
    expect(judge({ windows })).toEqual(judge())
  })

  it.each([
    ['a gap of exactly the threshold passes', 6, 'pass'],
    ['a longer one fails', 6.001, 'fail'],
  ])('%s', (_sentence, hours, verdict) => {
    expect(judge({ windows: [window(-720, -100), window(-100 + hours, 0)] }).verdict).toBe(verdict)
  })

  it('does not count what is uncovered since the last window: freshness does', () => {
    expect(judge({ windows: [window(-720, -100)] }).verdict).toBe('pass')
  })

  it('counts what is uncovered before the first window, from the connection’s start on', () => {
    expect(judge({ windows: [window(-100, 0)] }).verdict).toBe('fail')
    expect(judge({ windows: [window(-100, 0)], since: after(-101 * hour) }).verdict).toBe('pass')
  })

  it('lets a past gap leave the trailing 30 days by time alone', () => {
    const { verdict, changes } = judge({ windows: [window(-720, -100), window(-50, 0)] })
    expect(verdict).toBe('fail')
    expect(changes).toMatchObject([{ at: after(30 * day - 56 * hour), verdict: 'pass' }])
  })

  it('ignores what it could not know yet at the instant', () => {
    expect(judge({ windows: [window(-720, -100), window(5, 10)] }).verdict).toBe('pass')
  })

  it('is not testable without P2', () => {
    const judged = judge({ riskVisible: false })
    expect(verdictWords(judged.verdict, judged.reasons)).toBe('Not testable: needs P2')
    expect(judged.reasons.map(each => explainReason(each).text).join()).toMatch(/not visible.*not “no risk”/)
    // What was not read yet says nothing of what it would show.
    expect(judge({ riskVisible: false, windows: [] }).verdict).toBe('no_data')
    expect(judge({ riskyUsers: 'unavailable' }).verdict).toBe('not_testable')
  })

  it('judges a cloud without risky users on sign-ins, and says so', () => {
    const judged = judge({ riskyUsers: 'absent', unavailable: [{ kind: 'risky_users', reason: 'absent' }] })
    expect(judged.verdict).toBe('pass')
    expect(judged.reasons).toMatchObject([
      { verdict: 'pass' },
      { code: 'risky_users_absent', verdict: 'advice' },
    ])
  })

  it('has no data before risky users, or any window, were collected', () => {
    expect(judge({ riskyUsers: 'none' }).verdict).toBe('no_data')
    expect(judge({ windows: [] }).verdict).toBe('no_data')
    expect(judge({ windows: [window(-10, -10)] }).verdict).toBe('no_data')
  })

  it('foretells what it will say later, and says the same in any order of the windows', () => {
    const anyWindow = fc
      .tuple(fc.integer({ min: -1_000, max: 0 }), fc.integer({ min: 0, max: 200 }))
      .map(([from, length]) => window(from, Math.min(0, from + length)))
    const anyWindows = fc.array(anyWindow, { maxLength: 8 })
    fc.assert(
      fc.property(
        anyWindows,
        fc.integer({ min: 1, max: 1_500 }),
        fc.integer({ min: 0, max: 800 }),
        (windows, age, hours) => {
          const connectedAt = after(-age * hour)
          const input = (now: Date) => {
            const since = new Date(Math.max(connectedAt.getTime(), after(-30 * day, now).getTime()))
            return { windows, at: now, since }
          }
          const later = after(hours * hour)
          const judged = judge(input(at))
          expect(verdictAt(judged, later).verdict).toBe(judge(input(later)).verdict)
          expect(judge({ ...input(at), windows: windows.toReversed() })).toEqual(judged)
        },
      ),
    )
  })
})
