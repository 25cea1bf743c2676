import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalText } from '../../server/ledger/canonical.ts'
import { parseCanonical } from '../../server/verifier/canonical-json.ts'

describe('canonical JSON', () => {
  test('is read, whatever it holds', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const text = canonicalText(value)
        expect(canonicalText(parseCanonical(text))).toBe(text)
      }),
    )
  })

  test('is what a text is or is not, as the library has it', () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), text => {
        const isCanonical = canonicalText(JSON.parse(text)) === text
        expect(parseCanonical(text) !== undefined).toBe(isCanonical)
      }),
    )
  })

  test.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['a blank', '{"a": 1}'],
    ['a line end', '1\n'],
    ['keys out of order', '{"b":1,"a":2}'],
    ['a key twice', '{"a":1,"a":1}'],
    ['keys that are numbers, in the order of numbers', '{"9":1,"10":1}'],
    ['a fraction that needs none', '1.0'],
    ['an exponent', '1e3'],
    ['minus zero', '-0'],
    ['an escape that is not needed', '"\\u0041"'],
    ['a lone surrogate', '"\\ud800"'],
    ['a number that no double holds', '12345678901234567890'],
    ['an array nested beyond reason', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
  ])('has no %s', (_, text) => {
    expect(parseCanonical(text)).toBeUndefined()
  })

  test('has keys that are numbers in the order of their digits', () => {
    expect(parseCanonical('{"10":1,"9":1}')).toEqual({ 9: 1, 10: 1 })
  })

  test('has no prototype to reach for', () => {
    const value = parseCanonical('{"__proto__":{"polluted":true}}')
    expect(value).not.toBeUndefined()
    expect({}).not.toHaveProperty('polluted')
  })
})
