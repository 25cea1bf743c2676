import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAc11 } from '../../server/domain/control/rules/ac-11.ts'
import { judgeAc12 } from '../../server/domain/control/rules/ac-12.ts'
import { type Ac13Input, judgeAc13 } from '../../server/domain/control/rules/ac-13.ts'
import { type Ac15Input, judgeAc15 } from '../../server/domain/control/rules/ac-15.ts'
import { verdictAt } from '../../server/domain/control/verdict.ts'
import { explainReason } from '../../server/domain/control/words.ts'
import type { ConditionalAccessPolicyItem, RiskySignInItem } from '../../server/domain/evidence/items.ts'
import { corrected, settledAt } from '../../server/domain/review/settlement.ts'
import { after, at, day, grant, hour, objectId, policy, securityDefaults, user } from './control-facts.ts'

type Policy = ConditionalAccessPolicyItem

const codes = (judged: { reasons: readonly { code: string }[] }) => judged.reasons.map(each => each.code)

describe('AC-13, risky sign-ins are challenged or blocked', () => {
  const high = { conditions: { signInRiskLevels: ['high'] } }
  const userHigh = { conditions: { userRiskLevels: ['high'] } }
  const signInPolicy = (more: Parameters<typeof policy>[0] = {}) => policy({ id: 's', ...high, ...more })
  const userPolicy = (more: Parameters<typeof policy>[0] = {}) => policy({ id: 'u', ...userHigh, ...more })
  const judge = (policies: Policy[], more: Partial<Ac13Input> = {}) =>
    judgeAc13({ policies, securityDefaults: securityDefaults(false), risk: 'visible', ...more })
  const block = grant({ builtInControls: ['block'] })

  type Row = [sentence: string, policies: Policy[], verdict: 'pass' | 'fail' | 'no_data', named?: string[]]
  const rows: Row[] = [
    ['MFA at high sign-in risk and at high user risk passes', [signInPolicy(), userPolicy()], 'pass'],
    ['blocks at both pass', [signInPolicy({ grant: block }), userPolicy({ grant: block })], 'pass'],
    [
      'at user risk a change of password counts',
      [signInPolicy(), userPolicy({ grant: grant({ builtInControls: ['passwordChange'] }) })],
      'pass',
    ],
    [
      'at sign-in risk a change of password does not',
      [signInPolicy({ grant: grant({ builtInControls: ['passwordChange'] }) }), userPolicy()],
      'fail',
      ['sign_in_risk_open'],
    ],
    ['nothing at all leaves both open', [], 'fail', ['sign_in_risk_open', 'user_risk_open']],
    ['sign-in risk alone leaves user risk open', [signInPolicy()], 'fail', ['user_risk_open']],
    [
      'one policy at both risks at once reacts to neither alone',
      [policy({ conditions: { signInRiskLevels: ['high'], userRiskLevels: ['high'] } })],
      'fail',
      ['sign_in_risk_open', 'user_risk_open'],
    ],
    [
      'MFA of everybody always is no answer to a risk',
      [policy()],
      'fail',
      ['sign_in_risk_open', 'user_risk_open'],
    ],
    [
      'medium alone says nothing of high',
      [policy({ conditions: { signInRiskLevels: ['medium'] } }), userPolicy()],
      'fail',
      ['sign_in_risk_open'],
    ],
    [
      'report-only at risk does not count',
      [signInPolicy({ state: 'enabledForReportingButNotEnforced' }), userPolicy()],
      'fail',
      ['sign_in_risk_open'],
    ],
    [
      'an excluded group fails by name, once per risk',
      [signInPolicy({ users: { excludeGroups: ['g1'] } }), userPolicy({ users: { excludeGroups: ['g1'] } })],
      'fail',
      ['exclusion_not_covered', 'exclusion_not_covered'],
    ],
    [
      'an excluded group that is blocked altogether passes',
      [
        signInPolicy({ users: { excludeGroups: ['g1'] } }),
        userPolicy({ users: { excludeGroups: ['g1'] } }),
        policy({ id: 'b', users: { includeUsers: [], includeGroups: ['g1'] }, grant: block }),
      ],
      'pass',
    ],
    [
      'a condition that is not known is unknown',
      [signInPolicy({ conditions: { signInRiskLevels: ['high'], other: ['somethingNew'] } }), userPolicy()],
      'no_data',
      ['policy_condition_unknown'],
    ],
  ]

  it.each(rows)('%s', (_, policies, verdict, named = []) => {
    const judged = judge(policies)
    const made = judged.reasons.filter(each => each.verdict === 'fail' || each.verdict === 'no_data')
    expect([judged.verdict, codes({ reasons: made })]).toEqual([verdict, named])
    expect(judge([...policies].reverse())).toEqual(judged)
    for (const reason of judged.reasons) expect(explainReason(reason).text).toMatch(/^[A-Z0-9].*\.$/)
  })

  it('names medium risk as advice, and not where it is answered', () => {
    expect(codes(judge([signInPolicy(), userPolicy()]))).toContain('medium_risk_open')
    const both = { signInRiskLevels: ['high', 'medium'] }
    const answered = [
      signInPolicy({ conditions: both }),
      userPolicy({ conditions: { userRiskLevels: ['high', 'medium'] } }),
    ]
    expect(codes(judge(answered))).toEqual(['sign_in_risk_answered', 'user_risk_answered'])
  })

  it('is not testable without P2, and has no data before anything was collected', () => {
    const policies = [signInPolicy(), userPolicy()]
    expect(judge(policies, { risk: 'hidden' }).verdict).toBe('not_testable')
    expect(judge(policies, { risk: 'unknown' }).verdict).toBe('no_data')
    const unavailable = [{ kind: 'risky_sign_ins', reason: 'licence' }] as const
    expect(judge(policies, { risk: 'hidden', unavailable }).verdict).toBe('not_testable')
  })
})

describe('AC-11, guests are limited and prove themselves', () => {
  const guest = (n: number, more: Parameters<typeof user>[1] = {}) => ({
    user: user(n, { userType: 'Guest', userPrincipalName: `g${n}_x.example#EXT#@contoso.example`, ...more }),
    registration: null,
    activity: null,
    class: 'guest' as const,
    openSince: null,
  })
  function judge(
    guests: ReturnType<typeof guest>[],
    policies: Policy[],
    { reviewedAt = after(-day), excepted }: { reviewedAt?: Date | null; excepted?: string } = {},
  ) {
    const isExcepted = ({ id }: { id: string }) => id === excepted
    const rule = createAc11(at, {
      policies: { policies, securityDefaults: securityDefaults(false), excepted: { isExcepted } },
      excepted: { isExcepted },
      review: reviewedAt && { at: reviewedAt },
      reviewDays: 90,
    })
    for (const each of guests) rule.add(each)
    return rule.finish()
  }
  const collaboration = { types: ['b2bCollaborationGuest'], allTenants: true }

  it('passes where everybody must give a second factor and somebody looked at the list', () => {
    const judged = judge([guest(1), guest(2)], [policy()])
    expect(judged.verdict).toBe('pass')
    expect(codes(judged)).toEqual(['guests_reviewed', 'all_guests_covered'])
    expect(judged.changes).toMatchObject([{ at: after(89 * day), verdict: 'fail' }])
  })

  it('fails without a review, and with one that ran out, to the instant', () => {
    expect(codes(judge([guest(1)], [policy()], { reviewedAt: null }))).toContain('guest_review_missing')
    expect(judge([guest(1)], [policy()], { reviewedAt: after(-90 * day) }).verdict).toBe('fail')
    expect(judge([guest(1)], [policy()], { reviewedAt: after(-90 * day + 1) }).verdict).toBe('pass')
  })

  it('passes where there is no guest, and says so', () => {
    expect(judge([], [policy()], { reviewedAt: null })).toMatchObject({
      verdict: 'pass',
      reasons: [{ code: 'no_guests' }],
    })
  })

  it('names the guests of a type that the policies leave out, and nobody else', () => {
    const excluding = policy({ users: { excludeGuestsOrExternalUsers: collaboration } })
    const local = guest(3, { userPrincipalName: 'local@contoso.example' })
    const judged = judge([guest(1), guest(2), local], [excluding])
    expect(judged.reasons[0]).toMatchObject({
      code: 'guest_not_covered',
      subjects: [objectId(1), objectId(2)],
    })
    expect(judged).toMatchObject({ verdict: 'fail', population: { inScope: 3, pass: 1, fail: 2 } })
  })

  it('passes guests whom a policy of their own covers, members or not', () => {
    const own = policy({ users: { includeUsers: ['GuestsOrExternalUsers'] } })
    expect(judge([guest(1), guest(2, { userType: 'Member' })], [own]).verdict).toBe('pass')
  })

  it('names one guest that a policy excludes, until there is an exception', () => {
    const excluding = policy({ users: { excludeUsers: [objectId(1)] } })
    expect(judge([guest(1), guest(2)], [excluding]).reasons[0]).toMatchObject({
      code: 'guest_not_covered',
      subjects: [objectId(1)],
    })
    expect(judge([guest(1), guest(2)], [excluding], { excepted: objectId(1) }).verdict).toBe('pass')
  })

  it('names an excluded group: who is in it nobody can read', () => {
    const judged = judge([guest(1)], [policy({ users: { excludeGroups: ['g1'] } })])
    expect(judged.verdict).toBe('fail')
    expect(codes(judged)).toContain('exclusion_not_covered')
  })

  it('takes an account of which nothing tells for either type', () => {
    const unsure = guest(1, { userPrincipalName: null })
    expect(
      judge([unsure], [policy({ users: { excludeGuestsOrExternalUsers: collaboration } })]).verdict,
    ).toBe('fail')
    expect(judge([unsure], [policy()]).verdict).toBe('pass')
  })

  it('does not know of a guest that may be disabled', () => {
    expect(judge([guest(1, { accountEnabled: null })], [policy()]).verdict).toBe('no_data')
  })
})

describe('AC-12, changes to sign-in rules are noticed', () => {
  const change = (n: number, passed: number) => ({ evidenceId: objectId(n), at: after(-passed) })
  const judge = (
    changes: ReturnType<typeof change>[],
    acknowledged: [n: number, passed: number][] = [],
    now = at,
  ) =>
    judgeAc12({
      at: now,
      changes,
      acknowledgements: new Map(acknowledged.map(([n, passed]) => [objectId(n), { at: after(-passed) }])),
      days: 7,
    })

  it('passes where nothing changed, and where every change was acknowledged in time', () => {
    expect(judge([])).toMatchObject({ verdict: 'pass', reasons: [{ code: 'no_policy_change_due' }] })
    expect(judge([change(1, 3 * day)], [[1, 2 * day]]).verdict).toBe('pass')
  })

  it('waits within the deadline, and fails at it by time alone', () => {
    const judged = judge([change(1, 6 * day)])
    expect(judged.verdict).toBe('pass')
    expect(codes(judged)).toEqual(['no_policy_change_due', 'policy_change_waiting'])
    expect(judged.changes[0]).toMatchObject({ at: after(day), verdict: 'fail' })
  })

  it('fails where nobody acknowledged it, and where somebody did too late, until 30 days have passed', () => {
    expect(codes(judge([change(1, 8 * day)]))).toEqual(['policy_change_not_acknowledged'])
    const late = judge([change(1, 9 * day)], [[1, day]])
    expect(codes(late)).toEqual(['policy_change_acknowledged_late'])
    expect(late.changes).toMatchObject([{ at: after(21 * day), verdict: 'pass' }])
  })

  it('is not testable without P1', () => {
    const unavailable = [{ kind: 'conditional_access_policies', reason: 'licence' }] as const
    const judged = judgeAc12({ at, changes: [], acknowledgements: new Map(), days: 7, unavailable })
    expect(judged.verdict).toBe('not_testable')
  })

  it('says of every later instant what it would say then', () => {
    const some = fc.array(
      fc.record({ passed: fc.integer({ min: 0, max: 40 }), done: fc.option(fc.nat(30)) }),
      {
        maxLength: 6,
      },
    )
    fc.assert(
      fc.property(some, fc.nat(60), (tasks, later) => {
        const changes = tasks.map(({ passed }, n) => change(n, passed * day))
        const acknowledged = tasks.flatMap(({ passed, done }, n): [number, number][] =>
          done === null || done > passed ? [] : [[n, done * day]],
        )
        const then = after(later * day)
        const { verdict, reasons } = judge(changes, acknowledged, then)
        expect(verdictAt(judge(changes, acknowledged), then)).toMatchObject({ verdict, reasons })
      }),
    )
  })
})

describe('AC-15, suspicious sign-ins are settled', () => {
  const signIn = (n: number, passed: number, level: string | null = 'high') => ({
    subjectKey: objectId(n),
    item: {
      ...emptySignIn,
      id: objectId(n),
      createdDateTime: after(-passed).toISOString(),
      riskLevelDuringSignIn: level,
    },
  })
  const judge = (
    signIns: ReturnType<typeof signIn>[],
    settled: [n: number, passed: number][] = [],
    more: Partial<Ac15Input> = {},
  ) =>
    judgeAc15({
      at,
      since: after(-60 * day),
      signIns,
      settlements: new Map(settled.map(([n, passed]) => [objectId(n), { at: after(-passed) }])),
      hours: { high: 24, medium: 72 },
      risk: 'visible',
      ...more,
    })

  it.each([
    ['no sign-in at all', [], [], 'pass', ['no_sign_in_due']],
    ['low risk is nobody’s business', [signIn(1, 9 * day, 'low')], [], 'pass', ['no_sign_in_due']],
    ['high and settled in time', [signIn(1, 2 * day)], [[1, 2 * day - hour]], 'pass', ['sign_ins_settled']],
    ['high and within its day', [signIn(1, hour)], [], 'pass', ['no_sign_in_due', 'sign_in_waiting']],
    ['high and overdue', [signIn(1, day)], [], 'fail', ['sign_in_not_settled']],
    [
      'medium and within three days',
      [signIn(1, 2 * day, 'medium')],
      [],
      'pass',
      ['no_sign_in_due', 'sign_in_waiting'],
    ],
    ['medium and overdue', [signIn(1, 3 * day, 'medium')], [], 'fail', ['sign_in_not_settled']],
    ['settled too late', [signIn(1, 5 * day)], [[1, day]], 'fail', ['sign_in_settled_late']],
    ['a level that is not known', [signIn(1, day, 'strange')], [], 'no_data', ['sign_in_risk_unknown']],
    ['a level that is hidden', [signIn(1, day, 'hidden')], [], 'no_data', ['sign_in_risk_unknown']],
    ['31 days ago', [signIn(1, 31 * day)], [], 'pass', ['no_sign_in_due']],
  ] as [string, ReturnType<typeof signIn>[], [number, number][], string, string[]][])(
    '%s',
    (_, signIns, settled, verdict, named) => {
      const judged = judge(signIns, settled)
      expect([judged.verdict, codes(judged)]).toEqual([verdict, named])
      for (const reason of judged.reasons) expect(explainReason(reason).text).toMatch(/^[A-Z0-9].*\.$/)
    },
  )

  it('leaves alone what was before the connection, and is not testable without P2', () => {
    expect(judge([signIn(1, 3 * day)], [], { since: after(-day) }).verdict).toBe('pass')
    expect(judge([], [], { risk: 'hidden' }).verdict).toBe('not_testable')
  })

  it('names its deadlines as coming changes', () => {
    const judged = judge([signIn(1, hour), signIn(2, hour, 'medium')])
    expect(judged.changes.map(change => change.at)).toEqual([
      after(23 * hour),
      after(71 * hour),
      after(30 * day - hour),
    ])
  })
})

describe('when a sign-in counts as settled', () => {
  const known = { madeAt: after(-day), now: at }
  it('is now, or the time at which it was handled elsewhere, between the sign-in and now', () => {
    expect(settledAt({ outcome: 'benign', givenAt: after(-hour) }, known)).toEqual(at)
    expect(settledAt({ outcome: 'handled_elsewhere', givenAt: after(-hour) }, known)).toEqual(after(-hour))
    for (const givenAt of [after(hour), after(-2 * day)]) {
      expect(() => settledAt({ outcome: 'handled_elsewhere', givenAt }, known)).toThrow('cannot')
    }
  })
})

const emptySignIn: RiskySignInItem = {
  id: '',
  createdDateTime: '',
  userId: objectId(5),
  userDisplayName: null,
  userPrincipalName: null,
  appDisplayName: null,
  clientAppUsed: null,
  ipAddress: null,
  country: null,
  city: null,
  riskLevelAggregated: null,
  riskLevelDuringSignIn: null,
  riskState: 'atRisk',
  riskDetail: null,
  riskEventTypes: [],
  conditionalAccessStatus: null,
  errorCode: 0,
}

describe('when a corrected sign-in counts as settled', () => {
  const known = { madeAt: after(-day), now: at }
  const before = { outcome: 'benign', reason: 'A drill.', settledAt: after(-20 * hour) } as const
  const correct = (said: Partial<Parameters<typeof corrected>[0]>) =>
    corrected({ outcome: 'benign', reason: 'Other words.', givenAt: null, ...said }, before, known)

  it('the same outcome in other words keeps its time, another one was come to only now', () => {
    expect(correct({}).settledAt).toEqual(before.settledAt)
    expect(correct({ outcome: 'compromise_handled' }).settledAt).toEqual(at)
    expect(correct({ outcome: 'handled_elsewhere', givenAt: after(-hour) }).settledAt).toEqual(after(-hour))
    expect(correct({ outcome: 'reopened' }).settledAt).toBeNull()
  })

  it('what was handled elsewhere keeps its time where no other is given', () => {
    const elsewhere = { ...before, outcome: 'handled_elsewhere' } as const
    const said = { outcome: 'handled_elsewhere', reason: 'Other words.' } as const
    expect(corrected({ ...said, givenAt: null }, elsewhere, known).settledAt).toEqual(before.settledAt)
    expect(corrected({ ...said, givenAt: after(-hour) }, elsewhere, known).settledAt).toEqual(after(-hour))
  })

  it('what was reopened counts from when it is settled again', () => {
    const reopened = { outcome: 'reopened', reason: 'A slip.', settledAt: null } as const
    const said = { outcome: 'benign', reason: 'A drill.', givenAt: null } as const
    expect(corrected(said, reopened, known).settledAt).toEqual(at)
    expect(() => corrected({ ...said, outcome: 'reopened' }, reopened, known)).toThrow('open again already')
  })

  it('what nobody said, what is said already and what cannot be are refused', () => {
    const said = { outcome: 'benign', reason: 'A drill.', givenAt: null } as const
    expect(() => corrected(said, null, known)).toThrow('nothing to correct')
    expect(() => correct({ reason: before.reason })).toThrow('already')
    expect(() => correct({ outcome: 'handled_elsewhere', givenAt: after(-2 * day) })).toThrow(
      'before the sign-in',
    )
  })
})
