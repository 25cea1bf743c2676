import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { verdictTimeline } from '../../../server/domain/plots/verdict-timeline.ts'

const from = new Date('2026-10-25T00:00:00Z')
const to = new Date('2026-11-24T00:00:00Z')
const day = (n: number) => new Date(from.getTime() + n * 24 * 3_600_000)

describe('verdicts over time', () => {
  it('knows nothing before the first verdict and nothing after knowledge ends', () => {
    const timeline = verdictTimeline({
      from,
      to,
      knownUntil: day(20),
      changes: [
        { at: day(5), state: 'pass' },
        { at: day(10), state: 'fail' },
        { at: day(25), state: 'pass' },
      ],
    })
    expect(timeline.segments.map(segment => segment.state)).toEqual(['none', 'pass', 'fail', 'none'])
    expect(timeline.segments.at(-1)?.to).toEqual(to)
  })

  it('draws a verdict that is said twice once', () => {
    const changes = [-3, 3, 6].map(n => ({ at: day(n), state: 'pass' }))
    expect(verdictTimeline({ from, to, changes }).segments).toMatchObject([
      { x: 0, width: 100, state: 'pass' },
    ])
  })

  it('covers the interval without a hole or an overlap', () => {
    const instants = fc.date({ min: day(-20), max: day(50), noInvalidDate: true })
    const changes = fc.array(fc.record({ at: instants, state: fc.constantFrom('pass', 'fail', 'no_data') }))
    fc.assert(
      fc.property(changes, instants, (list, knownUntil) => {
        const { segments } = verdictTimeline({ from, to, changes: list, knownUntil })
        expect(segments[0]?.from).toEqual(from)
        expect(segments.at(-1)?.to).toEqual(to)
        for (const [index, segment] of segments.entries()) {
          const after = segments[index + 1]
          if (after) {
            expect(segment.to).toEqual(after.from)
            expect(segment.x + segment.width).toBeCloseTo(after.x, 5)
            expect(segment.state).not.toBe(after.state)
          }
          expect(segment.width).toBeGreaterThanOrEqual(0)
          expect(segment.x + segment.width).toBeLessThanOrEqual(100.001)
        }
      }),
    )
  })
})
