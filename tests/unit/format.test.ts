import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatCount,
  formatDateTimeInput,
  formatDateTimeUtc,
  formatDateUtc,
  formatDuration,
  formatNumber,
  formatPercent,
  formatPercentNumber,
  formatRelative,
  truncateMiddle,
} from '../../app/lib/format.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

describe('numbers', () => {
  it('groups thousands, also of positions too large for a number', () => {
    expect(formatNumber(48_211)).toBe('48,211')
    expect(formatNumber(9_007_199_254_740_993n)).toBe('9,007,199,254,740,993')
  })

  it('counts one thing in the singular', () => {
    expect([0, 1, 2].map(count => formatCount(count, 'account'))).toEqual([
      '0 accounts',
      '1 account',
      '2 accounts',
    ])
    expect(formatCount(2, 'policy', 'policies')).toBe('2 policies')
  })

  it('says bytes in the largest unit that fits', () => {
    expect([0, 512, 1_434, 3 * 1024 ** 2].map(formatBytes)).toEqual(['0 B', '512 B', '1.4 kB', '3 MB'])
  })
})

describe('percent', () => {
  it('carries a decimal only where there is one', () => {
    expect([61.538, 75, 0, 100].map(value => formatPercent(value))).toEqual([
      '61.5 %',
      '75 %',
      '0 %',
      '100 %',
    ])
  })

  it('never says 100 of less, nor 0 of more', () => {
    expect(formatPercentNumber(99.99)).toBe('99.9')
    expect(formatPercentNumber(0.001)).toBe('0.1')
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 100, noNaN: true, minExcluded: true, maxExcluded: true }),
        value => {
          const shown = Number(formatPercentNumber(value))
          return shown > 0 && shown < 100
        },
      ),
    )
  })
})

describe('instants', () => {
  const at = new Date('2026-11-15T06:00:00Z')

  it('says day and time in UTC', () => {
    expect(formatDateUtc(at)).toBe('15 Nov 2026')
    expect(formatDateTimeUtc(at)).toBe('15 Nov 2026, 06:00 UTC')
    expect(formatDateTimeInput(at)).toBe('2026-11-15T06:00')
  })

  it.each([
    [-30_000, 'just now'],
    [0, 'just now'],
    [-5 * MINUTE, '5 min ago'],
    [-26 * HOUR, '1 day 2 h ago'],
    [30_000, 'in less than a minute'],
    [5 * HOUR + 55 * MINUTE, 'in 5 h 55 min'],
    [12 * DAY, 'in 12 days'],
  ])('says %i ms from now as "%s"', (distance, words) => {
    expect(formatRelative(new Date(at.getTime() + distance), at)).toBe(words)
  })
})

describe('durations', () => {
  it.each([
    [0, '0 s'],
    [59_999, '59 s'],
    [MINUTE, '1 min'],
    [HOUR, '1 h'],
    [5 * HOUR + 55 * MINUTE, '5 h 55 min'],
    [DAY, '1 day'],
    [2 * DAY + 3 * HOUR, '2 days 3 h'],
    [30 * DAY + 5 * HOUR, '30 days'],
  ])('says %i ms as "%s"', (length, words) => {
    expect(formatDuration(length)).toBe(words)
  })
})

describe('long identifiers', () => {
  it('keep their beginning and end', () => {
    expect(truncateMiddle('9f86d081884c7d659a2feaa0c55ad015')).toBe('9f86d081…55ad015')
  })

  it('stay whole when nothing would be gained', () => {
    expect(truncateMiddle('018f-3c2a')).toBe('018f-3c2a')
  })
})
