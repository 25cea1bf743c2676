import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatAsOf, parseAsOf, withAsOf } from '../../app/lib/as-of.ts'

describe('reading ?asOf=', () => {
  it('takes an instant pinned to a position, an instant, and a position', () => {
    const instant = new Date('2026-11-15T06:00:00.000Z')
    expect(parseAsOf('2026-11-15T06:00:00.000Z@48211')).toMatchObject({ instant, position: 48_211n })
    expect(parseAsOf('2026-11-15T07:00:00+01:00')).toMatchObject({ instant, position: null })
    expect(parseAsOf('48211')).toMatchObject({ instant: null, position: 48_211n })
  })

  it('reads an instant without a zone, as the form field sends it, as UTC', () => {
    expect(parseAsOf('2026-11-15T06:00')?.instant).toEqual(new Date('2026-11-15T06:00:00Z'))
  })

  it.each(['', 'yesterday', '2026-13-45T99:99', '-1', '2026-11-15T06:00Z@', '2026-11-15T06:00Z@x'])(
    'refuses %j',
    value => {
      expect(parseAsOf(value)).toBeNull()
    },
  )

  it('reads back what it writes', () => {
    const instants = fc.date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(instants, fc.bigInt(0n, 2n ** 63n), (instant, position) => {
        expect(parseAsOf(formatAsOf(instant, position))).toMatchObject({ instant, position })
      }),
    )
  })
})

describe('links while looking back', () => {
  it('keep the instant beside their own query and fragment', () => {
    expect(withAsOf('/o/nw/controls', '5')).toBe('/o/nw/controls?asOf=5')
    expect(withAsOf('/o/nw/controls?sort=name#x', '5')).toBe('/o/nw/controls?sort=name&asOf=5#x')
  })

  it('keep an instant of their own', () => {
    expect(withAsOf('/o/nw?asOf=7', '5')).toBe('/o/nw?asOf=7')
  })

  it('lose it on the way back to now', () => {
    expect(withAsOf('/o/nw?asOf=7&sort=name', null)).toBe('/o/nw?sort=name')
  })

  it('stay as they are when they leave the product', () => {
    expect(withAsOf('https://learn.microsoft.com/', '5')).toBe('https://learn.microsoft.com/')
    expect(withAsOf('//elsewhere.example/', '5')).toBe('//elsewhere.example/')
  })
})
