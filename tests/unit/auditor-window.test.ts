import { describe, expect, it } from 'vitest'
import { assertWithinGrant, boundAsOf } from '../../server/members/auditor-window.ts'

const grant = {
  periodFrom: new Date('2025-01-01T00:00:00Z'),
  periodTo: new Date('2025-12-31T23:59:59.999Z'),
  expiresAt: new Date('2026-06-30T23:59:59.999Z'),
  assessments: [],
}
const auditor = { role: 'auditor', grant } as const
const during = new Date('2025-06-01T00:00:00Z')
const after = new Date('2026-02-01T00:00:00Z')
const before = new Date('2024-12-31T23:59:59Z')
const now = { kind: 'now' } as const

describe('an auditor’s as-of', () => {
  it('is now while the period runs', () => {
    expect(boundAsOf(auditor, now, during)).toEqual(now)
  })

  it('is the period’s last instant once it is over', () => {
    expect(boundAsOf(auditor, now, after)).toEqual({ kind: 'instant', instant: grant.periodTo })
  })

  it('is refused before the period begins, with words that say the period', () => {
    expect(() => boundAsOf(auditor, now, before)).toThrow(
      expect.objectContaining({
        code: 'not_found',
        userMessage: expect.stringContaining('2025-01-01 00:00 UTC to 2025-12-31 23:59 UTC'),
      }),
    )
  })

  it('is refused outside the period', () => {
    for (const instant of [before, after]) {
      expect(() => boundAsOf(auditor, { kind: 'instant', instant }, after)).toThrow('period')
      expect(() => boundAsOf(auditor, { kind: 'pair', instant, position: 3 }, after)).toThrow('period')
      expect(() => assertWithinGrant(auditor, { instant, position: 3, isNow: false })).toThrow('period')
    }
  })

  it('of a bare position is judged when it has been resolved', () => {
    const request = { kind: 'position', position: 3 } as const
    expect(boundAsOf(auditor, request, after)).toEqual(request)
    expect(() => assertWithinGrant(auditor, { instant: during, position: 3, isNow: false })).not.toThrow()
  })

  it('is refused without a grant', () => {
    expect(() => boundAsOf({ role: 'auditor', grant: null }, now, during)).toThrow('without a grant')
  })

  it('of other roles is free', () => {
    const owner = { role: 'owner', grant: null } as const
    expect(boundAsOf(owner, { kind: 'instant', instant: before }, after)).toEqual({
      kind: 'instant',
      instant: before,
    })
    expect(() => assertWithinGrant(owner, { instant: before, position: 0, isNow: false })).not.toThrow()
  })
})
