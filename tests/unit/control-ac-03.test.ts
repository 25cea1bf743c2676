import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reasonSchema } from '../../server/domain/control/judgement.ts'
import { judgeAc03 } from '../../server/domain/control/rules/ac-03.ts'
import { explainReason } from '../../server/domain/control/words.ts'
import type { ConditionalAccessPolicyItem } from '../../server/domain/evidence/items.ts'
import { grant, objectId, type PolicyChanges, policy, securityDefaults, strength } from './control-facts.ts'

type Policy = ConditionalAccessPolicyItem
type Row = [sentence: string, policies: Policy[], verdict: 'pass' | 'fail', named?: string[]]

const off = securityDefaults(false)
const judge = (policies: Policy[]) => judgeAc03({ policies, securityDefaults: off })

/** What made a fail, in short: an exclusion by kind and id, an overlap by its ids, anything else by its code. */
function namesOf(policies: Policy[]): string[] {
  return judge(policies)
    .reasons.filter(reason => reason.verdict === 'fail')
    .map(({ code, detail }) => {
      if (code === 'exclusion_not_covered') return `${detail.exclusionKind}:${detail.exclusionId}`
      if (code === 'exclusions_overlap') return [detail.exclusionIds].flat().join('+')
      return code
    })
}

const [breakGlass, otherUser, app, otherApp] = [objectId(1), objectId(2), objectId(11), objectId(12)]
const second = (changes: PolicyChanges = {}) => policy({ id: 'p2', ...changes })
const guests = (types: string[], allTenants = true) => ({ types, allTenants })
const blocking = grant({ builtInControls: ['block'] })
const openly = ['second_factor_not_demanded']

const rows: Row[] = [
  ['MFA of all users on all apps passes', [policy()], 'pass'],
  [
    'an authentication strength that needs MFA passes',
    [policy({ grant: grant({ authenticationStrength: strength('mfa') }) })],
    'pass',
  ],
  [
    'MFA and a compliant device passes',
    [policy({ grant: grant({ operator: 'AND', builtInControls: ['mfa', 'compliantDevice'] }) })],
    'pass',
  ],
  [
    'MFA or an MFA strength passes',
    [policy({ grant: grant({ builtInControls: ['mfa'], authenticationStrength: strength('mfa') }) })],
    'pass',
  ],
  [
    'a strength told by its combinations alone passes',
    [policy({ grant: grant({ authenticationStrength: strength(null, ['fido2', 'password,sms']) }) })],
    'pass',
  ],
  [
    'browsers in one policy and apps in another pass together',
    [
      policy({ conditions: { clientAppTypes: ['browser'] } }),
      second({ conditions: { clientAppTypes: ['mobileAppsAndDesktopClients'] } }),
    ],
    'pass',
  ],
  [
    'browsers and modern clients without legacy ones pass',
    [policy({ conditions: { clientAppTypes: ['browser', 'mobileAppsAndDesktopClients'] } })],
    'pass',
  ],
  ['a policy with session controls beside a full one passes', [policy(), second({ grant: null })], 'pass'],
  [
    'a report-only policy beside a full one changes nothing',
    [policy(), second({ state: 'enabledForReportingButNotEnforced', users: { excludeUsers: [breakGlass] } })],
    'pass',
  ],

  ['no policy at all fails', [], 'fail', openly],
  [
    'a report-only policy does not count',
    [policy({ state: 'enabledForReportingButNotEnforced' })],
    'fail',
    openly,
  ],
  ['a disabled policy does not count', [policy({ state: 'disabled' })], 'fail', openly],
  [
    'MFA or a compliant device is weaker',
    [policy({ grant: grant({ builtInControls: ['compliantDevice', 'mfa'] }) })],
    'fail',
    openly,
  ],
  [
    'MFA or terms of use is weaker',
    [policy({ grant: grant({ builtInControls: ['mfa'], termsOfUse: ['terms'] }) })],
    'fail',
    openly,
  ],
  [
    'MFA or a custom control is weaker',
    [policy({ grant: grant({ builtInControls: ['mfa'], customAuthenticationFactors: ['Duo'] }) })],
    'fail',
    openly,
  ],
  [
    'MFA or a single-factor strength is weaker',
    [policy({ grant: grant({ builtInControls: ['mfa'], authenticationStrength: strength('none') }) })],
    'fail',
    openly,
  ],
  [
    'an unknown operator is taken for OR',
    [policy({ grant: grant({ operator: null, builtInControls: ['domainJoinedDevice', 'mfa'] }) })],
    'fail',
    openly,
  ],
  [
    'a strength that lists a single factor is weaker',
    [policy({ grant: grant({ authenticationStrength: strength('mfa', ['fido2', 'password']) }) })],
    'fail',
    openly,
  ],
  [
    'a strength of which nothing is known is weaker',
    [policy({ grant: grant({ authenticationStrength: strength(null, []) }) })],
    'fail',
    openly,
  ],
  [
    'a compliant device alone is no second factor',
    [policy({ grant: grant({ builtInControls: ['compliantDevice'] }) })],
    'fail',
    openly,
  ],
  ['session controls alone are no second factor', [policy({ grant: null })], 'fail', openly],
  ['a block of everything demands nothing', [policy({ grant: blocking })], 'fail', openly],
  [
    'MFA of one group only fails',
    [policy({ users: { includeUsers: [], includeGroups: ['g1'] } })],
    'fail',
    openly,
  ],
  [
    'MFA of guests and of administrators leaves members open',
    [
      policy({ users: { includeUsers: ['GuestsOrExternalUsers'] } }),
      second({ users: { includeUsers: [], includeRoles: ['r1'] } }),
    ],
    'fail',
    openly,
  ],
  ['MFA of nobody fails', [policy({ users: { includeUsers: ['None'] } })], 'fail', openly],
  [
    'MFA on Office 365 only fails',
    [policy({ apps: { includeApplications: ['Office365'] } })],
    'fail',
    openly,
  ],
  [
    'MFA on apps picked by attribute fails',
    [policy({ apps: { includeApplications: [], filter: { mode: 'include', rule: 'x' } } })],
    'fail',
    openly,
  ],
  [
    'a policy for browsers only leaves apps open',
    [policy({ conditions: { clientAppTypes: ['browser'] } })],
    'fail',
    openly,
  ],
  [
    'a policy on some platforms only fails',
    [policy({ conditions: { platforms: { include: ['android', 'iOS'], exclude: [] } } })],
    'fail',
    openly,
  ],
  [
    'a policy for every platform by name leaves unknown ones open',
    [
      policy({
        conditions: {
          platforms: {
            include: ['android', 'iOS', 'linux', 'macOS', 'windows', 'windowsPhone'],
            exclude: [],
          },
        },
      }),
    ],
    'fail',
    openly,
  ],
  [
    'a policy for one location only fails',
    [policy({ conditions: { locations: { include: ['l1'], exclude: [] } } })],
    'fail',
    openly,
  ],
  [
    'a policy for filtered devices only fails',
    [policy({ conditions: { devices: { mode: 'include', rule: 'r' } } })],
    'fail',
    openly,
  ],
  [
    'a policy at sign-in risk only fails',
    [policy({ conditions: { signInRiskLevels: ['high', 'medium'] } })],
    'fail',
    openly,
  ],
  [
    'a policy at user risk only fails',
    [policy({ conditions: { userRiskLevels: ['high'] } })],
    'fail',
    openly,
  ],
  [
    'a policy at insider risk only fails',
    [policy({ conditions: { insiderRiskLevels: ['elevated'] } })],
    'fail',
    openly,
  ],
  [
    'a policy with a condition that is not known fails',
    [policy({ conditions: { other: ['authenticationFlows'] } })],
    'fail',
    openly,
  ],
  [
    'a policy for workload identities is not about people',
    [policy({ conditions: { forWorkloadIdentities: true } })],
    'fail',
    openly,
  ],
  [
    'a policy for a user action is not about apps',
    [policy({ apps: { includeApplications: [], includeUserActions: ['urn:user:registersecurityinfo'] } })],
    'fail',
    openly,
  ],
  [
    'a policy for an authentication context is not about apps',
    [policy({ apps: { includeApplications: [], includeAuthenticationContextClassReferences: ['c1'] } })],
    'fail',
    openly,
  ],

  [
    'an excluded user fails by name',
    [policy({ users: { excludeUsers: [breakGlass] } })],
    'fail',
    [`user:${breakGlass}`],
  ],
  ['an excluded group fails by name', [policy({ users: { excludeGroups: ['g1'] } })], 'fail', ['group:g1']],
  ['an excluded role fails by name', [policy({ users: { excludeRoles: ['r1'] } })], 'fail', ['role:r1']],
  [
    'an excluded guest type fails by name',
    [policy({ users: { excludeGuestsOrExternalUsers: guests(['serviceProvider']) } })],
    'fail',
    ['guest_type:serviceprovider'],
  ],
  [
    'guests of some organizations excluded fail by type',
    [policy({ users: { excludeGuestsOrExternalUsers: guests(['b2bCollaborationGuest'], false) } })],
    'fail',
    ['guest_type:b2bcollaborationguest'],
  ],
  [
    'an excluded app fails by name',
    [policy({ apps: { excludeApplications: [app] } })],
    'fail',
    [`app:${app}`],
  ],
  [
    'apps excluded by attribute fail by rule',
    [policy({ apps: { filter: { mode: 'exclude', rule: 'Tag -eq "x"' } } })],
    'fail',
    ['app_filter:Tag -eq "x"'],
  ],
  [
    'an excluded platform fails by name',
    [policy({ conditions: { platforms: { include: ['all'], exclude: ['iOS'] } } })],
    'fail',
    ['platform:ios'],
  ],
  [
    'trusted locations excluded fail by name',
    [policy({ conditions: { locations: { include: ['All'], exclude: ['AllTrusted'] } } })],
    'fail',
    ['location:alltrusted'],
  ],
  [
    'excluded devices fail by rule',
    [policy({ conditions: { devices: { mode: 'exclude', rule: 'device.isCompliant -eq True' } } })],
    'fail',
    ['device_filter:device.isCompliant -eq True'],
  ],
  [
    'every exclusion of a policy is named',
    [policy({ users: { excludeUsers: [breakGlass, otherUser], excludeGroups: ['g1'] } })],
    'fail',
    ['group:g1', `user:${breakGlass}`, `user:${otherUser}`],
  ],
  [
    'a policy that excludes every platform applies to none',
    [policy({ conditions: { platforms: { include: ['all'], exclude: ['all'] } } })],
    'fail',
    openly,
  ],

  [
    'an excluded user is covered where another policy includes it',
    [policy({ users: { excludeUsers: [breakGlass] } }), second({ users: { includeUsers: [breakGlass] } })],
    'pass',
  ],
  [
    'an excluded user is covered by another policy for all that does not exclude it',
    [policy({ users: { excludeUsers: [breakGlass] } }), second({ users: { excludeUsers: [otherUser] } })],
    'pass',
  ],
  [
    'a user in other letters is the same user',
    [policy({ users: { excludeUsers: ['AB'] } }), second({ users: { excludeUsers: ['ab'] } })],
    'fail',
    ['user:ab'],
  ],
  [
    'a user that every policy excludes fails',
    [policy({ users: { excludeUsers: [breakGlass] } }), second({ users: { excludeUsers: [breakGlass] } })],
    'fail',
    [`user:${breakGlass}`],
  ],
  [
    'an excluded group is covered where another policy includes it',
    [
      policy({ users: { excludeGroups: ['g1'] } }),
      second({ users: { includeUsers: [], includeGroups: ['g1'] } }),
    ],
    'pass',
  ],
  [
    'an excluded group is not covered by a policy for another group',
    [
      policy({ users: { excludeGroups: ['g1'] } }),
      second({ users: { includeUsers: [], includeGroups: ['g2'] } }),
    ],
    'fail',
    ['group:g1'],
  ],
  [
    'an excluded user is not covered by a group whose members nobody can read',
    [
      policy({ users: { excludeUsers: [breakGlass] } }),
      second({ users: { includeUsers: [], includeGroups: ['g1'] } }),
    ],
    'fail',
    [`user:${breakGlass}`],
  ],
  [
    'who is in two groups, each excluded from one policy, escapes both',
    [policy({ users: { excludeGroups: ['g1'] } }), second({ users: { excludeGroups: ['g2'] } })],
    'fail',
    ['g1+g2'],
  ],
  [
    'a third policy without exclusions catches them',
    [
      policy({ users: { excludeGroups: ['g1'] } }),
      second({ users: { excludeGroups: ['g2'] } }),
      policy({ id: 'p3' }),
    ],
    'pass',
  ],
  [
    'an excluded user on an excluded app escapes two policies',
    [policy({ users: { excludeUsers: [breakGlass] } }), second({ apps: { excludeApplications: [app] } })],
    'fail',
    [`${app}+${breakGlass}`],
  ],
  [
    'two apps cannot be signed in to at once',
    [policy({ apps: { excludeApplications: [app] } }), second({ apps: { excludeApplications: [otherApp] } })],
    'pass',
  ],
  [
    'an excluded app is covered by a policy on that app',
    [policy({ apps: { excludeApplications: [app] } }), second({ apps: { includeApplications: [app] } })],
    'pass',
  ],
  [
    'an excluded app is not covered by a suite that it may not be in',
    [
      policy({ apps: { excludeApplications: [app] } }),
      second({ apps: { includeApplications: ['Office365'] } }),
    ],
    'fail',
    [`app:${app}`],
  ],
  [
    'an excluded app is not covered by a policy on that app for a group',
    [
      policy({ apps: { excludeApplications: [app] } }),
      second({ apps: { includeApplications: [app] }, users: { includeUsers: [], includeGroups: ['g1'] } }),
    ],
    'fail',
    [`app:${app}`],
  ],
  [
    'guests excluded here and included there pass',
    [
      policy({ users: { excludeUsers: ['GuestsOrExternalUsers'] } }),
      second({
        users: {
          includeUsers: [],
          includeGuestsOrExternalUsers: guests([
            'internalGuest',
            'b2bCollaborationGuest',
            'b2bCollaborationMember',
            'b2bDirectConnectUser',
            'otherExternalUser',
            'serviceProvider',
          ]),
        },
      }),
    ],
    'pass',
  ],
  [
    'guests of some organizations do not cover the guest type',
    [
      policy({ users: { excludeGuestsOrExternalUsers: guests(['internalGuest']) } }),
      second({ users: { includeUsers: [], includeGuestsOrExternalUsers: guests(['internalGuest'], false) } }),
    ],
    'fail',
    ['guest_type:internalguest'],
  ],
  [
    'an excluded platform is covered by a policy for it',
    [
      policy({ conditions: { platforms: { include: ['all'], exclude: ['iOS'] } } }),
      second({ conditions: { platforms: { include: ['iOS'], exclude: [] } } }),
    ],
    'pass',
  ],
  [
    'inside and outside of trusted locations add up to everywhere',
    [
      policy({ conditions: { locations: { include: ['All'], exclude: ['AllTrusted'] } } }),
      second({ conditions: { locations: { include: ['AllTrusted'], exclude: [] } } }),
    ],
    'pass',
  ],
  [
    'devices that match and devices that do not add up to all',
    [
      policy({ conditions: { devices: { mode: 'exclude', rule: 'r' } } }),
      second({ conditions: { devices: { mode: 'include', rule: 'r' } } }),
    ],
    'pass',
  ],
  [
    'an excluded group covered only outside of trusted locations is named with them',
    [
      policy({ users: { excludeGroups: ['g1'] } }),
      second({ conditions: { locations: { include: ['All'], exclude: ['AllTrusted'] } } }),
    ],
    'fail',
    ['g1+alltrusted'],
  ],
  [
    'an excluded group that is blocked needs no second factor',
    [
      policy({ users: { excludeGroups: ['g1'] } }),
      second({ users: { includeUsers: [], includeGroups: ['g1'] }, grant: blocking }),
    ],
    'pass',
  ],
  [
    'an excluded platform that is blocked needs no second factor',
    [
      policy({ conditions: { platforms: { include: ['all'], exclude: ['linux'] } } }),
      second({ conditions: { platforms: { include: ['linux'], exclude: [] } }, grant: blocking }),
    ],
    'pass',
  ],
  [
    'an exclusion is not covered by a report-only policy',
    [policy({ users: { excludeGroups: ['g1'] } }), second({ state: 'enabledForReportingButNotEnforced' })],
    'fail',
    ['group:g1'],
  ],
  [
    'an exclusion is not covered by a policy at risk only',
    [policy({ users: { excludeGroups: ['g1'] } }), second({ conditions: { signInRiskLevels: ['high'] } })],
    'fail',
    ['group:g1'],
  ],
  [
    'an exclusion is not covered by something weaker',
    [
      policy({ users: { excludeGroups: ['g1'] } }),
      second({ grant: grant({ builtInControls: ['mfa', 'compliantDevice'] }) }),
    ],
    'fail',
    ['group:g1'],
  ],
  [
    'an exclusion covered for browsers only fails',
    [policy({ users: { excludeGroups: ['g1'] } }), second({ conditions: { clientAppTypes: ['browser'] } })],
    'fail',
    ['group:g1'],
  ],
]

describe('AC-03, the second factor is demanded', () => {
  it.each(rows)('%s', (_sentence, policies, verdict, named = []) => {
    expect([judge(policies).verdict, namesOf(policies)]).toEqual([verdict, named])
  })

  it.each(rows)('is the same in any order, well formed and in words: %s', (_sentence, policies) => {
    const judged = judge(policies)
    expect(judge([...policies].reverse())).toEqual(judged)
    const { inScope, pass, fail, noData } = judged.population
    expect(pass + fail + noData).toBe(inScope)
    for (const reason of judged.reasons) {
      expect(reasonSchema.parse(reason)).toEqual(reason)
      expect(explainReason(reason).text).toMatch(/^[A-Z0-9].*\.$/)
      expect(explainReason(reason).text).not.toContain('_')
    }
  })

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
