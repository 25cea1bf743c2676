import { newId } from '../../server/ledger/ids.ts'

/** What must never come back as markup, and of a procedure not at all. */
export const mark = '<script>alert(7331)</script>'

/** What forms and addresses are filled with by who means no good, and by accident. */
export const hostileTexts: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'name \udfff',
  '\u202Egnp.exe',
  '\r\nBcc: everybody@example.com',
  "'; drop table ledger.events; --",
  '../../../etc/passwd',
  '//evil.example',
  '/\\evil.example',
  '/.//evil.example',
  'https:evil.example',
  '%00',
  mark,
  '{{7*7}}',
  '__proto__',
  'constructor',
  'toString',
  '-1',
  '1e999',
  'NaN',
  '9'.repeat(15),
  '9'.repeat(400),
  '٣',
  'now',
  '0000-01-01',
  '0000-01-01T00:00Z',
  '0001-01-01T00:00+14:00',
  '9999-12-31T23:59:59.999-14:00',
  '2026-02-31',
  '2026-02-31T24:00Z',
  '2025-03-10T09:00:00Z@0',
  '2025-03-10T09:00:00Z@999999999999999',
  '0000-01-01@0',
  'after:------------------------------------',
  'before:00000000-0000-0000-0000-00000000000g',
  `after:${newId()}`,
  '-'.repeat(36),
  newId(),
  newId().toUpperCase(),
  'user:--',
  'user:',
  'x'.repeat(120),
  'x'.repeat(100_000),
  '\u{1F469}\u200D\u{1F4BB}'.repeat(30),
  '"a b"@example.com',
  `${'a'.repeat(64)}@${'b'.repeat(63)}.example`,
  'state=\u0000&code=x',
  `state=${newId()}.${newId()}.${'A'.repeat(43)}&code=x`,
]

/** The same and whatever JSON, or a caller of our own, can hold besides. */
export const hostileValues: readonly unknown[] = [
  ...hostileTexts,
  ...[-1, 0, 0.5, 1e308, Number.NaN, 2 ** 53, Number.MAX_SAFE_INTEGER],
  ...[null, true, [], {}, ['x'], { $gt: '' }, new Date(Number.NaN)],
  nested(1_000),
]

/** An object in an object, so many times. */
function nested(depth: number): unknown {
  let value: unknown = {}
  for (let level = 0; level < depth; level++) value = { x: value }
  return value
}
