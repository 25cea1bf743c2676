import { describe, expect, it } from 'vitest'
import {
  catalogue,
  controlOf,
  controlsServedBy,
  kindsInUse,
  latestCatalogueVersion,
} from '../../server/domain/control/catalogue.ts'
import { controlIds, thresholdIds } from '../../server/domain/control/definition.ts'
import type { Reason } from '../../server/domain/control/judgement.ts'
import { reason } from '../../server/domain/control/reason.ts'
import { judgeRevoked, judgeWithoutConnection } from '../../server/domain/control/rules/missing-evidence.ts'
import { explainReason, verdictWords } from '../../server/domain/control/words.ts'
import { evidenceKinds } from '../../server/domain/evidence/kinds.ts'
import { canonicalText, sha256Hex } from '../../server/ledger/canonical.ts'

const latest = catalogue(latestCatalogueVersion)

describe('the catalogue', () => {
  it('names every criterion that a control refers to, and every control once', () => {
    const known = latest.criteria.map(criterion => criterion.id)
    for (const control of [...latest.controls, ...latest.waiting]) {
      expect(known).toEqual(expect.arrayContaining([...control.criteria]))
    }
    expect(latest.controls.map(control => control.id)).toEqual(
      controlIds.filter(id => latest.controls.some(control => control.id === id)),
    )
  })

  it('of version 2 has every control that can be tested, and thresholds within their own ranges', () => {
    const second = catalogue(2)
    expect(second.controls.map(control => control.id)).toEqual(controlIds)
    expect(second.thresholds?.map(threshold => threshold.id)).toEqual(thresholdIds)
    for (const threshold of second.thresholds ?? []) {
      expect(threshold.minimum).toBeLessThanOrEqual(threshold.default)
      expect(threshold.default).toBeLessThanOrEqual(threshold.maximum)
      expect(controlOf(second, threshold.controlId).id).toBe(threshold.controlId)
    }
    for (const control of second.controls) expect(control.heeds).toContain('exceptions')
  })

  it.each([
    [1, 'a85465fce1eaecc216651dacce0164c2b9f48ee2846e98e5bde0daefba12062e'],
    [2, '12ecff24588d883f9c5cb12dcb29122ebdc0313c2d2cf88a296ec02dfe59b2f4'],
  ])('of version %d never changes: it was published', (version, sha256) => {
    expect(sha256Hex(canonicalText(catalogue(version)))).toBe(sha256)
  })

  it('of version 1 puts the six kinds to use that there were, and no later one', () => {
    const first = catalogue(1)
    expect(kindsInUse(first)).toEqual(evidenceKinds.filter(kind => kind !== 'sign_in_activity'))
    for (const kind of kindsInUse(first))
      expect(controlsServedBy(first, kind).map(each => each.id)).toContain('AC-16')
    expect(controlsServedBy(first, 'sign_in_activity')).toEqual([])
  })

  it('names the controls that a kind serves', () => {
    expect(controlsServedBy(latest, 'mfa_registration').map(each => each.id)).toEqual([
      'AC-02',
      'AC-04',
      'AC-10',
      'AC-16',
    ])
  })

  it('refuses a version, and a control, that there is not', () => {
    expect(() => catalogue(0)).toThrow(RangeError)
    expect(() => controlOf(latest, 'AC-06')).toThrow(RangeError)
    expect(controlOf(latest, 'AC-02').shortTitle).toBe('People can give a second factor')
  })
})

describe('the words', () => {
  const text = (each: Reason) => explainReason(each).text

  it('agree in number', () => {
    expect(text(reason('no_second_factor', 'fail', { count: 1 }))).toBe(
      '1 person cannot give a second factor.',
    )
    expect(text(reason('no_second_factor', 'fail', { count: 1204 }))).toBe(
      '1,204 people cannot give a second factor.',
    )
    expect(text(reason('no_registration_record', 'no_data', { count: 1 }))).toMatch(/^1 person has no /)
    expect(text(reason('no_registration_record', 'no_data', { count: 2 }))).toMatch(/^2 people have no /)
  })

  it('offer the next step', () => {
    const step = (code: string) => explainReason(reason(code, 'fail', { count: 1 })).nextStep.action
    expect(
      ['no_second_factor', 'no_connection', 'scope_missing', 'scope_excess', 'secret_expired'].map(step),
    ).toEqual(['see_subjects', 'connect', 'grant_scope', 'remove_scope', 'replace_secret'])
  })

  it('still say something of a reason they do not know', () => {
    expect(text(reason('from_the_future', 'fail', { count: 3 }))).toBe('from the future (3).')
  })

  it('are short for a verdict', () => {
    expect(verdictWords('pass')).toBe('Pass')
    expect(verdictWords('fail')).toBe('Fail')
    const revoked = judgeRevoked()
    expect(verdictWords(revoked.verdict, revoked.reasons)).toBe('No data: revoked')
    const nothing = judgeWithoutConnection()
    expect(verdictWords(nothing.verdict, nothing.reasons)).toBe('No data: not connected')
  })
})
