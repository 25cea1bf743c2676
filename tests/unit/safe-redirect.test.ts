import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { safeRedirect } from '../../server/http/safe-redirect.ts'

describe('where to go after signing in', () => {
  it.each(['/', '/o/harbour/controls?asOf=2026-01-01T00:00:00Z@5', '/invite/abc#top'])(
    '%j is a path of our own',
    path => {
      expect(safeRedirect(path)).toBe(path)
    },
  )

  it.each([
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https:evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/\t/evil.example',
    '\t//evil.example',
    '/\n/evil.example',
    ' //evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    '/%2e//evil.example',
    'evil',
    '',
    null,
    ['/a'],
    `/${'a'.repeat(3_000)}`,
  ])('%j is not', target => {
    expect(safeRedirect(target, '/fallback')).toBe('/fallback')
  })

  it('never leaves the origin, whatever is asked', () => {
    const origin = 'https://attestry.example'
    const hostile = fc.array(
      fc.constantFrom('/', '\\', '.', '%2e', '%2f', ':', '@', '\t', '\n', ' ', 'evil', 'https', '?', '#'),
    )
    fc.assert(
      fc.property(hostile, parts => {
        const target = safeRedirect(parts.join(''))
        return new URL(target, origin).origin === origin && target.startsWith('/') && !target.startsWith('//')
      }),
    )
  })
})
