import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gapStrip, type HourState } from '../../../server/domain/plots/gap-strip.ts'
import { hourStateOutput } from '../../../server/trpc/plot-schemas.ts'

const from = new Date('2026-11-20T00:00:00Z')
const state = fc.constantFrom(...hourStateOutput.options)

describe('the strip of hours', () => {
  it('joins hours that say the same and gives each UTC day a label', () => {
    const strip = gapStrip({
      from,
      hours: 48,
      rows: [{ kind: 'user_inventory', label: 'Users', states: ['collected', 'failed'] }],
    })
    expect(strip.rows[0]?.cells.map(cell => [cell.state, cell.hours])).toEqual([
      ['collected', 1],
      ['failed', 1],
      ['none', 46],
    ])
    expect(strip.rows[0]?.cells[1]?.at).toEqual(new Date('2026-11-20T01:00:00Z'))
    expect(strip.isDividedByHour).toBe(true)
    expect(strip.days).toEqual([
      { x: 0, label: 'Fri 20', anchor: 'start' },
      { x: 50, label: 'Sat 21', anchor: 'start' },
    ])
  })

  it('writes the label of a day that has just begun to the left of its line', () => {
    const strip = gapStrip({ from: new Date('2026-11-20T02:00:00Z'), hours: 24, rows: [] })
    expect(strip.days.at(-1)).toMatchObject({ label: 'Sat 21', anchor: 'start' })
    const later = gapStrip({ from: new Date('2026-11-20T01:00:00Z'), hours: 24, rows: [] })
    expect(later.days.at(-1)).toEqual({ x: 95.83, label: 'Sat 21', anchor: 'end' })
  })

  it('counts hours that were left out as not asked for', () => {
    const strip = gapStrip({ from, hours: 5, rows: [{ kind: 'k', label: 'K', states: ['missing'] }] })
    expect(strip.rows[0]?.counts).toMatchObject({ missing: 1, none: 4 })
  })

  it('has no lines between hours that would be too thin to see', () => {
    const states = Array.from(
      { length: 720 },
      (_, hour): HourState => (hour === 300 ? 'failed' : 'collected'),
    )
    const strip = gapStrip({ from, hours: 720, rows: [{ kind: 'k', label: 'K', states }] })
    expect(strip.rows[0]?.cells.map(cell => [cell.state, cell.hours])).toEqual([
      ['collected', 300],
      ['failed', 1],
      ['collected', 419],
    ])
    expect(strip.isDividedByHour).toBe(false)
  })

  it('accounts for every hour once, in order and inside the frame', () => {
    const hours = fc.integer({ min: 1, max: 800 })
    const start = fc
      .integer({ min: 0, max: 100 })
      .map(offset => new Date(from.getTime() + offset * 3_600_000))
    fc.assert(
      fc.property(start, hours, fc.array(state, { maxLength: 800 }), (begin, count, states) => {
        const strip = gapStrip({ from: begin, hours: count, rows: [{ kind: 'k', label: 'K', states }] })
        const row = strip.rows[0]
        if (!row) throw new Error('the row is gone')
        let next = begin.getTime()
        for (const cell of row.cells) {
          expect(cell.at.getTime()).toBe(next)
          next += cell.hours * 3_600_000
          expect(cell.x).toBeGreaterThanOrEqual(0)
          expect(cell.width).toBeGreaterThan(0)
          expect(cell.x + cell.width).toBeLessThanOrEqual(100.01)
        }
        expect(next).toBe(begin.getTime() + count * 3_600_000)
        expect(Object.values(row.counts).reduce((sum, value) => sum + value, 0)).toBe(count)
        expect(row.y + strip.cellHeight).toBeLessThanOrEqual(strip.height)
      }),
    )
  })
})
