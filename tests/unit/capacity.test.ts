import { describe, expect, test } from 'vitest'
import { scaleDocument, scalePlot } from '../../scripts/capacity/document.ts'
import { capacityOf, type Demand, type Measured, usualDemand } from '../../scripts/capacity/model.ts'
import { capacityText } from '../../scripts/capacity/text.ts'

const measured: Measured & { documented: string[] } = {
  machine: 'a machine',
  syncSeconds: new Map([
    [1_000, 0.2],
    [11_000, 1.2],
  ]),
  syncEvents: 8,
  syncBytes: 15_000,
  accountBytes: 3_600,
  appends: 4_000,
  pages: 100,
  documented: [],
}
const demandOf = (organizations: number, users = 2_000): Demand => ({ ...usualDemand, organizations, users })

describe('what organizations take', () => {
  test('syncs come to each once an hour, and their events with them', () => {
    const capacity = capacityOf(demandOf(3_600), measured)
    expect(capacity.syncsPerSecond).toBe(1)
    expect(capacity.appendsPerSecond).toBe(8)
    expect(capacity.eventsPerDay).toBe(3_600 * 24 * 8)
  })

  test('a sync between two measured sizes lies on their line, one beyond goes on with it, one below costs the smallest', () => {
    const seconds = (users: number) => capacityOf(demandOf(3_600, users), measured).workerCores * 0.6
    expect(seconds(6_000)).toBeCloseTo(0.7)
    expect(seconds(21_000)).toBeCloseTo(2.2)
    expect(seconds(10)).toBeCloseTo(0.2)
  })

  test('storage is what accounts take at first, and what every hour and every change adds', () => {
    const { bytesPerDay, bytesOverRetention } = capacityOf(demandOf(1, 1_000), measured)
    expect(bytesPerDay).toBe(24 * 15_000 + 10 * 3_600)
    expect(bytesOverRetention).toBeCloseTo(1_000 * 3_600 + bytesPerDay * 365.25 * 7)
  })

  test('what ends first has the largest share, and every share grows with the organizations', () => {
    const small = capacityOf(demandOf(100), measured).shares
    const large = capacityOf(demandOf(10_000), measured).shares
    expect(small.map(({ share }) => share)).toEqual(small.map(({ share }) => share).toSorted((a, b) => b - a))
    for (const { resource, share } of small) {
      expect(large.find(each => each.resource === resource)?.share).toBeCloseTo(100 * share)
    }
  })

  test('Graph’s documented limits say how long a sync lasts and how large a directory may be', () => {
    const { graph } = capacityOf(demandOf(1, 50_000), measured)
    // 51 pages of accounts and as many of registrations, at 5 in 10 s.
    expect(graph.requestsPerSync).toBe(51 + 51 + 4)
    expect(graph.secondsPerSync).toBe(102)
    expect(graph.largestDirectory).toBe(1_800 * 999)
  })

  test('pages that were not measured are not counted as nothing', () => {
    const unknown = { ...measured, pages: null }
    const capacity = capacityOf(demandOf(1_000), unknown)
    expect(capacity.webCores).toBeNull()
    expect(capacityText(demandOf(1_000), capacity, unknown)).toContain('not measured')
    expect(scaleDocument(unknown)).toContain('not measured')
  })

  test('one size alone leads to no line', () => {
    const single = { ...measured, syncSeconds: new Map([[1_000, 0.2]]) }
    expect(() => capacityOf(demandOf(1), single)).toThrow('two sizes')
  })
})

test('the document has a row for each size and a plot with a line for each share', () => {
  const document = scaleDocument(measured)
  for (const size of ['100', '1,000', '10,000', '100,000', '1,000,000'])
    expect(document).toContain(`\n| ${size} |`)
  expect(scalePlot(measured).match(/<polyline/g)).toHaveLength(3)
  expect(`${document}${scalePlot(measured)}`).not.toMatch(/NaN|undefined|Infinity/)
})
