import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnsPlot } from '../../../server/domain/plots/columns-plot.ts'

const from = new Date('2026-11-01T00:00:00Z')
const to = new Date('2026-11-08T00:00:00Z')
const day = (n: number) => new Date(from.getTime() + n * 24 * 3_600_000)
const parts: ('low' | 'high')[] = ['low', 'high']

describe('counts per day', () => {
  it('stacks the parts from the bottom up and leaves out empty ones', () => {
    const columns = [
      { at: from, values: { low: 3, high: 1 } },
      ...[1, 2, 3, 4, 5, 6].map(n => ({ at: day(n), values: {} })),
    ]
    const plot = columnsPlot({ parts, from, to, height: 100, columns })
    expect(plot.columns[0]?.pieces).toEqual([
      { part: 'low', value: 3, y: 25, height: 75 },
      { part: 'high', value: 1, y: 0, height: 25 },
    ])
    expect(plot.columns[1]?.pieces).toEqual([])
  })

  it('labels whole counts only', () => {
    const plot = columnsPlot({ parts, from, to, columns: [{ at: from, values: { low: 1 } }] })
    expect(plot.gridLines.map(line => line.label)).toEqual(['0', '1'])
  })

  it('keeps every piece inside the frame, resting on the one below', () => {
    const values = fc.record({ low: fc.nat(100_000), high: fc.nat(100_000) })
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 7 }), list => {
        const columns = list.map((value, index) => ({ at: day(index), values: value }))
        const plot = columnsPlot({ parts, from, to, height: 120, columns })
        for (const column of plot.columns) {
          expect(column.x).toBeGreaterThanOrEqual(0)
          expect(column.x + column.width).toBeLessThanOrEqual(100.01)
          let floor = 120
          for (const piece of column.pieces) {
            expect(piece.y + piece.height).toBeCloseTo(floor, 5)
            expect(piece.y).toBeGreaterThanOrEqual(0)
            floor = piece.y
          }
        }
      }),
    )
  })
})
