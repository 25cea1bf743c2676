import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exceptedAt } from '../../server/domain/control/decisions.ts'
import { judgeAc03 } from '../../server/domain/control/rules/ac-03.ts'
import { explainReason } from '../../server/domain/control/words.ts'
import type { ConditionalAccessPolicyItem } from '../../server/domain/evidence/items.ts'
import { after, at, grant, objectId, policy, securityDefaults } from './control-facts.ts'

type Policy = ConditionalAccessPolicyItem
const off = securityDefaults(false)
const judge = (policies: Policy[]) => judgeAc03({ policies, securityDefaults: off })

const [app, otherApp] = [objectId(11), objectId(12)]

describe('AC-03, the second factor is demanded', () => {
  it('passes where security defaults are on, whatever the policies say', () => {
    expect(judgeAc03({ policies: [], securityDefaults: securityDefaults(true) }).verdict).toBe('pass')
  })

  it('names the report-only policy that would close it, and not the one that would not', () => {
    const reportOnly = policy({ id: 'would', state: 'enabledForReportingButNotEnforced' })
    const narrow = policy({ id: 'not', state: 'disabled', users: { includeUsers: [objectId(5)] } })
    const advice = judge([narrow, reportOnly]).reasons.filter(reason => reason.verdict === 'advice')
    expect(advice).toMatchObject([{ code: 'policy_report_only', detail: { policyId: 'would' } }])
  })

  it('says what limits the policies that count where nothing covers everyone', () => {
    const limited = policy({
      users: { includeUsers: [], includeGroups: ['g1'] },
      conditions: { clientAppTypes: ['browser'] },
    })
    expect(judge([limited]).reasons).toMatchObject([
      { code: 'second_factor_not_demanded', verdict: 'fail' },
      { code: 'policy_limited', verdict: 'advice', detail: { limits: ['users', 'client_app_types'] } },
    ])
  })

  it('says of an excluded group that its members cannot be read, and which policy excludes it', () => {
    const [reason] = judge([policy({ users: { excludeGroups: ['g1'] } })]).reasons
    expect(reason).toMatchObject({ detail: { policyId: 'p1', exclusionKind: 'group', expandable: false } })
    expect(reason && explainReason(reason, id => (id === 'p1' ? '“MFA”' : id)).text).toBe(
      'Group g1 is excluded from policy “MFA”, and no other enabled policy covers it. Its members cannot be read with the granted permissions.',
    )
  })

  describe('where evidence is missing', () => {
    const licence = { kind: 'conditional_access_policies', reason: 'licence' } as const

    it('passes on security defaults alone', () => {
      const judged = judgeAc03({
        policies: [],
        securityDefaults: securityDefaults(true),
        unavailable: [licence],
      })
      expect(judged.verdict).toBe('pass')
    })

    it.each(['licence', 'scope', 'role'] as const)(
      'is not testable without policies for lack of a %s',
      reason => {
        const judged = judgeAc03({
          policies: [],
          securityDefaults: off,
          unavailable: [{ ...licence, reason }],
        })
        expect(judged.verdict).toBe('not_testable')
      },
    )

    it.each(['not_collected', 'throttled', 'malformed', 'unavailable'] as const)(
      'has no data where policies are %s',
      reason => {
        const judged = judgeAc03({
          policies: [],
          securityDefaults: off,
          unavailable: [{ ...licence, reason }],
        })
        expect(judged.verdict).toBe('no_data')
      },
    )

    it('has no data on no policies as long as security defaults are unknown', () => {
      expect(judgeAc03({ policies: [], securityDefaults: null }).verdict).toBe('no_data')
    })

    it('needs no security defaults where the policies pass, or where an enabled one rules them out', () => {
      expect(judgeAc03({ policies: [policy()], securityDefaults: null }).verdict).toBe('pass')
      const judged = judgeAc03({
        policies: [policy({ users: { excludeGroups: ['g'] } })],
        securityDefaults: null,
      })
      expect(judged.verdict).toBe('fail')
    })
  })

  it('bounds what it names however many exclusions there are', () => {
    const groups = Array.from({ length: 1_500 }, (_, n) => `g${n}`)
    const { reasons, population } = judge([policy({ users: { excludeGroups: groups } })])
    expect(reasons).toHaveLength(101)
    expect(reasons.at(-1)).toMatchObject({ code: 'more_exclusions_not_covered', count: 1_400 })
    expect(population).toEqual({ inScope: 1_501, pass: 1, fail: 1_500, noData: 0 })
  })

  it('answers for a hundred policies that exclude one another’s groups', () => {
    const policies = Array.from({ length: 100 }, (_, n) =>
      policy({ id: `p${n}`, users: { excludeGroups: [`a${n}`, `b${n}`, `c${n}`] } }),
    )
    expect(judge(policies).verdict).toBe('fail')
    expect(judge([...policies, policy({ id: 'all' })]).verdict).toBe('pass')
  })

  const ids = fc.subarray(['x', 'y'])
  const anyPolicy = fc
    .record({
      state: fc.constantFrom('enabled', 'enabled', 'enabled', 'disabled'),
      includeUsers: fc.constantFrom<string[][]>(['All'], ['All'], [objectId(1)], []),
      excludeUsers: fc.subarray([objectId(1), objectId(2)]),
      includeGroups: ids,
      excludeGroups: ids,
      apps: fc.constantFrom<string[][]>(['All'], ['All'], [app]),
      excludeApps: fc.subarray([app, otherApp]),
      clients: fc.constantFrom<string[][]>(['all'], ['all'], ['browser']),
      locations: fc.option(
        fc.record({ include: fc.constantFrom<string[][]>(['All'], ['l']), exclude: fc.subarray(['l']) }),
      ),
      isMfa: fc.boolean(),
    })
    .map(each =>
      policy({
        state: each.state,
        users: {
          includeUsers: each.includeUsers,
          excludeUsers: each.excludeUsers,
          includeGroups: each.includeGroups,
          excludeGroups: each.excludeGroups,
        },
        apps: { includeApplications: each.apps, excludeApplications: each.excludeApps },
        conditions: { clientAppTypes: each.clients, locations: each.locations },
        grant: grant({ builtInControls: [each.isMfa ? 'mfa' : 'block'] }),
      }),
    )
  const anyPolicies = fc
    .array(anyPolicy, { maxLength: 5 })
    .map(policies => policies.map((each, n) => ({ ...each, id: `p${n}` })))

  it('agrees with trying every sign-in there can be', () => {
    fc.assert(
      fc.property(anyPolicies, policies => {
        expect(judge(policies).verdict === 'pass').toBe(everySignInIsCaught(policies))
      }),
      { numRuns: 1_000 },
    )
  })

  it('passes with a full policy added, and never gains from a further exclusion or a policy less', () => {
    fc.assert(
      fc.property(anyPolicies, fc.nat(4), (policies, n) => {
        expect(judge([...policies, policy({ id: 'full' })]).verdict).toBe('pass')
        if (judge(policies).verdict === 'pass') return
        expect(judge(policies.filter((_, index) => index !== n)).verdict).not.toBe('pass')
        const narrowed = policies.map((each, index) => {
          const { users } = each.conditions
          const narrower = { ...users, excludeGroups: [...users.excludeGroups, 'z'] }
          return index === n ? { ...each, conditions: { ...each.conditions, users: narrower } } : each
        })
        expect(judge(narrowed).verdict).not.toBe('pass')
      }),
    )
  })

  const exceptions = (expiresAt: Date) =>
    ['x', 'y'].map((group, n) => ({
      exceptionId: objectId(800 + n),
      controlId: 'AC-03',
      sourceId: objectId(700),
      subject: { kind: 'group' as const, id: group },
      decision: 'approved' as const,
      expiresAt,
    }))
  const judgeExcepted = (policies: Policy[], expiresAt: Date) =>
    judgeAc03({ policies, securityDefaults: off, excepted: exceptedAt(exceptions(expiresAt), at) })

  it('takes an exception that ran out as if it had never been, and one in force as closing its exclusion', () => {
    fc.assert(
      fc.property(anyPolicies, policies => {
        expect(judgeExcepted(policies, at)).toEqual(judge(policies))
        const without = policies.map(each => {
          const users = { ...each.conditions.users, excludeGroups: [] }
          return { ...each, conditions: { ...each.conditions, users } }
        })
        expect(judgeExcepted(policies, after(1)).verdict).toBe(judge(without).verdict)
      }),
    )
  })

  it('never lets a report-only policy change the verdict', () => {
    fc.assert(
      fc.property(anyPolicies, anyPolicy, (policies, another) => {
        const reportOnly = { ...another, id: 'report', state: 'enabledForReportingButNotEnforced' }
        expect(judge([...policies, reportOnly]).verdict).toBe(judge(policies).verdict)
      }),
    )
  })

  it('is the same in any order of the policies', () => {
    fc.assert(
      fc.property(
        anyPolicies.chain(policies =>
          fc.tuple(fc.constant(policies), fc.shuffledSubarray(policies, { minLength: policies.length })),
        ),
        ([policies, shuffled]) => {
          expect(judge(shuffled)).toEqual(judge(policies))
        },
      ),
    )
  })
})

/** The plain reading of Entra's rules over a small world, as a check on the search for holes. */
function everySignInIsCaught(policies: Policy[]): boolean {
  const counting = policies.filter(each => each.state === 'enabled')
  if (!counting.some(each => each.grantControls?.builtInControls.includes('mfa'))) return false
  const someone = [objectId(1), objectId(2), objectId(3)]
  const someApp = [app, otherApp, objectId(13)]
  const sets = [[], ['x'], ['y'], ['x', 'y']]
  const all = (list: string[], id: string) => list.includes('All') || list.includes(id)
  for (const who of someone)
    for (const groups of sets)
      for (const what of someApp)
        for (const client of ['browser', 'mobileAppsAndDesktopClients'])
          for (const place of ['l', 'elsewhere']) {
            const isCaught = counting.some(
              ({ conditions: { users, applications, clientAppTypes, locations } }) => {
                const includesUser =
                  all(users.includeUsers, who) || groups.some(group => users.includeGroups.includes(group))
                const excludesUser =
                  users.excludeUsers.includes(who) ||
                  groups.some(group => users.excludeGroups.includes(group))
                const takesApp =
                  all(applications.includeApplications, what) &&
                  !applications.excludeApplications.includes(what)
                const takesClient = clientAppTypes.includes('all') || clientAppTypes.includes(client)
                const takesPlace =
                  locations === null || (all(locations.include, place) && !locations.exclude.includes(place))
                return includesUser && !excludesUser && takesApp && takesClient && takesPlace
              },
            )
            if (!isCaught) return false
          }
  return true
}
