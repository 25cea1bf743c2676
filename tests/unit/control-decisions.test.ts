import { describe, expect, it } from 'vitest'
import { classAt } from '../../server/domain/account/class-at.ts'
import { catalogue, controlOf } from '../../server/domain/control/catalogue.ts'
import {
  comingEnds,
  decisionsText,
  exceptedAt,
  heededDecisions,
  noDecisions,
  thresholdIn,
} from '../../server/domain/control/decisions.ts'
import { overTime } from '../../server/domain/control/over-time.ts'
import { reason } from '../../server/domain/control/reason.ts'
import { createAc01 } from '../../server/domain/control/rules/ac-01.ts'
import { createAc02 } from '../../server/domain/control/rules/ac-02.ts'
import { createAc04 } from '../../server/domain/control/rules/ac-04.ts'
import { createAc08 } from '../../server/domain/control/rules/ac-08.ts'
import { createAc10 } from '../../server/domain/control/rules/ac-10.ts'
import type { AccountFact, AccountRule } from '../../server/domain/control/rules/account-rule.ts'
import { exceptReasons } from '../../server/domain/control/rules/excepted.ts'
import { judgementOf } from '../../server/domain/control/verdict.ts'
import { type ExceptionRecord, exceptionsAt } from '../../server/domain/exception/exceptions-at.ts'
import { after, at, day, objectId, registration, user } from './control-facts.ts'

const second = catalogue(2)

const exception = (more: Partial<ExceptionRecord> = {}): ExceptionRecord => ({
  exceptionId: objectId(800),
  controlId: 'AC-02',
  sourceId: objectId(700),
  subject: { kind: 'account', id: objectId(1) },
  decision: 'approved',
  expiresAt: after(10 * day),
  ...more,
})

function fact(
  n: number,
  more: Partial<AccountFact> & { account?: Parameters<typeof user>[1] } = {},
): AccountFact {
  const { account, ...rest } = more
  return {
    user: user(n, account),
    registration: registration(n),
    activity: null,
    class: 'person',
    openSince: null,
    ...rest,
  }
}

function judge(rule: AccountRule, facts: readonly AccountFact[]) {
  for (const each of facts) rule.add(each)
  return rule.finish()
}

const codes = (judged: { reasons: readonly { code: string }[] }) => judged.reasons.map(each => each.code)

describe('an exception', () => {
  it('counts while it is approved and until its expiry, to the instant', () => {
    const stateAt = (more: Partial<ExceptionRecord>, now = at) =>
      exceptionsAt([exception(more)], now)[0]?.state
    expect(stateAt({})).toBe('in_force')
    expect(stateAt({}, after(10 * day - 1))).toBe('in_force')
    expect(stateAt({}, after(10 * day))).toBe('expired')
    expect(stateAt({ decision: 'requested' })).toBe('waiting')
    expect(stateAt({ decision: 'requested' }, after(10 * day))).toBe('expired')
    expect(stateAt({ decision: 'rejected' }, after(10 * day))).toBe('rejected')
    expect(stateAt({ decision: 'withdrawn' })).toBe('withdrawn')
  })

  it('leaves its account out by name, and nothing passes in silence', () => {
    const excepted = exceptedAt([exception()], at)
    const incapable = { registration: registration(1, { isMfaCapable: false, isAdmin: true }) }
    const facts = [fact(0, { registration: registration(0, { isAdmin: true }) }), fact(1, incapable)]
    for (const rule of [createAc02(at, { excepted }), createAc04({ excepted })]) {
      const judged = judge(rule, facts)
      expect(judged.verdict).toBe('pass')
      expect(judged.reasons.find(each => each.code === 'excepted')).toMatchObject({
        count: 1,
        subjects: [objectId(1)],
      })
      expect(judged.population).toEqual({ inScope: 2, pass: 1, fail: 0, noData: 0 })
    }
  })

  it('lifts a whole reason that fails, and none that is unknown', () => {
    const excepted = exceptedAt(
      [
        exception({ subject: { kind: 'reason', id: 'scope_excess' } }),
        exception({ subject: { kind: 'reason', id: 'no_run' } }),
      ],
      at,
    )
    const population = { inScope: 9, pass: 8, fail: 1, noData: 0 }
    const lifted = exceptReasons(
      judgementOf([reason('scope_excess', 'fail', { count: 1 })], population),
      excepted,
    )
    expect(lifted).toMatchObject({
      verdict: 'pass',
      reasons: [{ code: 'reason_excepted', detail: { reason: 'scope_excess' } }],
      population: { fail: 0 },
    })
    const unknown = judgementOf([reason('no_run', 'no_data')], population)
    expect(exceptReasons(unknown, excepted)).toEqual(unknown)
  })
})

describe('what a control heeds', () => {
  it('is its own exceptions and its own thresholds', () => {
    const decisions = {
      ...noDecisions(second),
      thresholds: new Map([['silent_days', 45]] as const),
      exceptions: [exception(), exception({ controlId: 'AC-08' })],
      administrators: new Set([objectId(3)]),
    }
    const own = heededDecisions(second, controlOf(second, 'AC-08'), decisions)
    expect(thresholdIn(own, 'silent_days')).toBe(45)
    expect(own.exceptions.map(each => each.controlId)).toEqual(['AC-08'])
    expect(own.administrators.size).toBe(0)
    expect(() => thresholdIn(own, 'administrators')).toThrow(RangeError)
    const first = heededDecisions(catalogue(1), controlOf(catalogue(1), 'AC-02'), decisions)
    expect(decisionsText(first)).toEqual(decisionsText(noDecisions(catalogue(1))))
  })

  it('ends at the coming expiries of what was approved and declared', () => {
    const decisions = {
      ...noDecisions(second),
      exceptions: [exception(), exception({ decision: 'requested', expiresAt: after(2 * day) })],
      classes: new Map([[objectId(1), { class: 'service' as const, expiresAt: after(day), at }]]),
    }
    expect(comingEnds(decisions, at)).toEqual([after(day), after(10 * day)])
    expect(comingEnds(decisions, after(day))).toEqual([after(10 * day)])
  })

  it('becomes coming changes where an end changes something', () => {
    const population = { inScope: 1, pass: 1, fail: 0, noData: 0 }
    const passing = judgementOf([reason('fine', 'pass')], population)
    const failing = judgementOf([reason('bad', 'fail')], population)
    const judged = overTime([
      { at, judgement: { ...passing, changes: [{ at: after(5 * day), verdict: 'no_data', reasons: [] }] } },
      { at: after(day), judgement: passing },
      { at: after(2 * day), judgement: failing },
    ])
    expect(judged).toEqual({
      ...passing,
      changes: [{ at: after(2 * day), verdict: 'fail', reasons: failing.reasons }],
    })
  })
})

describe('the class of an account', () => {
  const declared = { class: 'emergency' as const, expiresAt: after(day), at }
  const created = { createdDateTime: '2020-01-01T00:00:00Z' }

  it('is as declared until the declaration ends, and open from there on', () => {
    expect(classAt(user(1), declared, at)).toEqual({ class: 'emergency', by: 'declaration', openSince: null })
    expect(classAt(user(1), declared, after(day))).toEqual({
      class: 'person',
      by: 'directory',
      openSince: after(day),
    })
  })

  it('is what the directory says for sure, and open where it does not', () => {
    const open = (more: Parameters<typeof user>[1]) =>
      classAt(user(1, { ...created, ...more }), undefined, at).openSince
    expect(open({})).toBeNull()
    expect(open({ userType: null, onPremisesSyncEnabled: true })).toBeNull()
    expect(open({ userType: 'Guest' })).toBeNull()
    expect(open({ userPrincipalName: 'Sync_DC01_0a@contoso.example', userType: null })).toBeNull()
    expect(open({ userType: null })).toEqual(new Date('2020-01-01'))
    expect(open({ userPrincipalName: 'a_b.example#EXT#@contoso.example' })).toEqual(new Date('2020-01-01'))
    expect(classAt(user(1), { class: null, expiresAt: null, at }, at).openSince).toBeNull()
  })
})

describe('AC-01, every account is known and classed', () => {
  const options = { unclassedDays: 7, connectedAt: after(-2 * day) }

  it('passes where all are classed, and is no data where there is no account', () => {
    expect(judge(createAc01(at, options), [fact(1), fact(2)])).toMatchObject({
      verdict: 'pass',
      reasons: [{ code: 'all_accounts_classed', count: 2 }],
    })
    expect(judge(createAc01(at, options), []).verdict).toBe('no_data')
  })

  it('names who waits for a class, and fails by time alone', () => {
    const judged = judge(createAc01(at, options), [fact(1), fact(2, { openSince: after(-900 * day) })])
    expect(judged).toMatchObject({ verdict: 'pass', population: { inScope: 2, pass: 2, fail: 0 } })
    expect(codes(judged)).toEqual(['all_accounts_classed', 'unclassed_soon'])
    expect(judged.changes).toMatchObject([{ at: after(5 * day), verdict: 'fail' }])
    const later = judge(createAc01(after(5 * day), options), [
      fact(1),
      fact(2, { openSince: after(-900 * day) }),
    ])
    expect(later).toMatchObject({
      verdict: 'fail',
      reasons: [{ code: 'unclassed', subjects: [objectId(2)] }],
    })
  })
})

describe('AC-08, unused accounts are dealt with', () => {
  const options = { silentDays: 90 }
  const seen = (days: number | null) => ({
    id: objectId(1),
    lastSuccessfulSignInDateTime: days === null ? null : after(-days * day).toISOString(),
    lastSignInDateTime: at.toISOString(),
  })
  const old = { createdDateTime: '2020-01-01T00:00:00Z' }

  it.each([
    ['seen last week', { account: old, activity: seen(7) }, 'pass'],
    ['silent for the threshold’s days', { account: old, activity: seen(90) }, 'fail'],
    ['old and never seen', { account: old, activity: seen(null) }, 'fail'],
    [
      'new and never seen',
      { account: { createdDateTime: after(-day).toISOString() }, activity: null },
      'pass',
    ],
    ['old and without a record', { account: old, activity: null }, 'no_data'],
    ['never seen, and nobody knows since when', { activity: seen(null) }, 'no_data'],
    [
      'silent, and enabled or not',
      { account: { ...old, accountEnabled: null }, activity: seen(100) },
      'no_data',
    ],
    ['declared a service account, whatever it does', { class: 'service', activity: null }, 'no_data'],
  ] as [string, Parameters<typeof fact>[1], string][])('an account %s', (_, more, verdict) => {
    const judged = judge(createAc08(at, options), [fact(1, more)])
    expect(judged.verdict).toBe(verdict)
    expect(judged.changes).toEqual([])
  })

  it('is not testable without P1', () => {
    const unavailable = [{ kind: 'sign_in_activity', reason: 'licence' }] as const
    expect(judge(createAc08(at, { ...options, unavailable }), [fact(1)]).verdict).toBe('not_testable')
  })
})

describe('AC-10, few, named administrators', () => {
  const admin = (n: number, isAdmin: boolean | null = true) =>
    fact(n, { registration: registration(n, { isAdmin }) })
  const options = { administrators: 2, approved: new Set([objectId(1), objectId(2), objectId(3)]) }

  it('passes where they are few and approved', () => {
    expect(judge(createAc10(options), [admin(1), admin(2), fact(3)])).toMatchObject({
      verdict: 'pass',
      reasons: [{ code: 'all_administrators_approved', count: 2 }],
    })
  })

  it('fails where they are too many, and where one is not on the list', () => {
    expect(codes(judge(createAc10(options), [admin(1), admin(2), admin(3)]))).toEqual([
      'too_many_administrators',
    ])
    expect(judge(createAc10(options), [admin(1), admin(9)])).toMatchObject({
      verdict: 'fail',
      reasons: [{ code: 'administrator_not_approved', subjects: [objectId(9)] }],
    })
  })

  it('does not know who cannot be told to be one', () => {
    expect(judge(createAc10(options), [admin(1), admin(9, null)]).verdict).toBe('no_data')
    expect(judge(createAc10(options), []).verdict).toBe('no_data')
  })

  it('leaves an excepted one out of the list, not out of the number', () => {
    const excepted = exceptedAt([exception({ subject: { kind: 'account', id: objectId(9) } })], at)
    expect(judge(createAc10({ ...options, excepted }), [admin(1), admin(9)]).verdict).toBe('pass')
    expect(judge(createAc10({ ...options, excepted }), [admin(1), admin(2), admin(9)]).verdict).toBe('fail')
  })
})
