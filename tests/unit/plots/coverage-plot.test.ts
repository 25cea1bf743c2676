import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coveragePlot } from '../../../server/domain/plots/coverage-plot.ts'

const from = new Date('2026-10-25T00:00:00Z')
const to = new Date('2026-11-24T00:00:00Z')
const day = (n: number, hour = 0) => new Date(from.getTime() + (n * 24 + hour) * 3_600_000)

describe('coverage over time', () => {
  it('opens with the value that held before the interval and holds the last one to its end', () => {
    const plot = coveragePlot({
      from,
      to,
      height: 100,
      breakpoints: [
        { at: day(-3), value: 75 },
        { at: day(15), value: 50 },
      ],
    })
    expect(plot.line).toBe('M0,25L50,25L50,50L100,50L100,50')
    expect(plot.end).toEqual({ x: 100, y: 50, value: 50 })
    expect(plot.steps).toEqual([
      { at: from, value: 75 },
      { at: day(15), value: 50 },
      { at: to, value: 50 },
    ])
  })

  it('begins where the first value is known', () => {
    const plot = coveragePlot({ from, to, breakpoints: [{ at: day(15), value: 50 }] })
    expect(plot.line.startsWith('M50,')).toBe(true)
  })

  it('ends where knowledge ends, although the axis goes on', () => {
    const breakpoints = [
      { at: from, value: 75 },
      { at: day(20), value: 10 },
    ]
    const plot = coveragePlot({ from, to, breakpoints, knownUntil: day(15) })
    expect(plot.end).toMatchObject({ x: 50, value: 75 })
  })

  it('draws nothing when nothing is known', () => {
    const plot = coveragePlot({ from, to, breakpoints: [] })
    expect([plot.line, plot.area, plot.end]).toEqual(['', '', null])
  })

  it('leaves out the label of an outage that another label covers, but not its band', () => {
    const outages = [
      { from: day(20), to: day(21), label: 'no sync, 24 h' },
      { from: day(22), to: day(22, 6), label: 'no sync, 6 h' },
      { from: day(2), to: day(3), label: 'no sync, 24 h' },
    ]
    const plot = coveragePlot({ from, to, breakpoints: [], outages })
    expect(plot.outages.map(band => band.isLabelled)).toEqual([true, true, false])
  })

  it('refuses an interval that does not run forward', () => {
    expect(() => coveragePlot({ from: to, to: from, breakpoints: [] })).toThrow(RangeError)
  })

  it('has no label of its axis touch another, wherever it begins', () => {
    // A label of five or six letters takes 39 of the 300 pixels that a plot has on a phone.
    const width = 13
    const label = ({ x, anchor }: { x: number; anchor: 'start' | 'middle' | 'end' }) =>
      x - { start: 0, middle: width / 2, end: width }[anchor]
    for (const days of [1, 3, 5, 7, 30, 90, 365]) {
      for (let hour = 0; hour < 48; hour++) {
        const since = new Date(from.getTime() + hour * 3_600_000)
        const to = new Date(since.getTime() + days * 86_400_000)
        const plot = coveragePlot({
          from: since,
          to,
          breakpoints: [],
          outages: [],
          knownUntil: to,
          height: 200,
        })
        const starts = plot.ticks.map(label)
        const apart = starts.slice(1).map((start, index) => start - (starts[index] ?? 0))
        expect(Math.min(...apart), `${days} days, ${hour} hours on`).toBeGreaterThanOrEqual(width)
        expect(plot.ticks.length).toBeGreaterThan(2)
      }
    }
  })

  it('keeps every point inside the frame', () => {
    const instants = fc.date({ min: day(-40), max: day(70), noInvalidDate: true })
    const breakpoints = fc.array(
      fc.record({ at: instants, value: fc.double({ min: -20, max: 120, noNaN: true }) }),
    )
    const outages = fc.array(fc.record({ from: instants, to: instants, label: fc.string({ maxLength: 30 }) }))
    fc.assert(
      fc.property(breakpoints, outages, instants, (points, gaps, knownUntil) => {
        const plot = coveragePlot({ from, to, breakpoints: points, outages: gaps, knownUntil, height: 200 })
        for (const [x, y] of pointsOf(plot.line + plot.area)) {
          expect(x).toBeGreaterThanOrEqual(0)
          expect(x).toBeLessThanOrEqual(100)
          expect(y).toBeGreaterThanOrEqual(0)
          expect(y).toBeLessThanOrEqual(200)
        }
        for (const band of plot.outages) {
          expect(band.x).toBeGreaterThanOrEqual(0)
          expect(band.width).toBeGreaterThan(0)
          expect(band.x + band.width).toBeLessThanOrEqual(100.01)
        }
        for (const tick of plot.ticks) expect(tick.x >= 0 && tick.x <= 100).toBe(true)
      }),
    )
  })
})

function pointsOf(path: string): [number, number][] {
  return [...path.matchAll(/[ML](-?[\d.e-]+),(-?[\d.e-]+)/g)].map(([, x, y]) => [Number(x), Number(y)])
}
