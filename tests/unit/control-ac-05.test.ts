import { describe, expect, it } from 'vitest'
import { judgeAc05 } from '../../server/domain/control/rules/ac-05.ts'
import { explainReason } from '../../server/domain/control/words.ts'
import type { ConditionalAccessPolicyItem } from '../../server/domain/evidence/items.ts'
import { blockLegacy, grant, objectId, policy, securityDefaults } from './control-facts.ts'

type Row = [
  sentence: string,
  policies: ConditionalAccessPolicyItem[],
  verdict: 'pass' | 'fail',
  named?: string[],
]

const open = ['legacy_clients_open']
const someone = objectId(1)

const rows: Row[] = [
  ['a block of both legacy client types for all users on all apps passes', [blockLegacy()], 'pass'],
  ['a block of every client type passes', [blockLegacy({ conditions: { clientAppTypes: ['all'] } })], 'pass'],
  [
    'one policy per legacy client type passes',
    [
      blockLegacy({ conditions: { clientAppTypes: ['other'] } }),
      blockLegacy({ id: 'p2', conditions: { clientAppTypes: ['exchangeActiveSync'] } }),
    ],
    'pass',
  ],
  ['no policy fails', [], 'fail', open],
  ['MFA for all clients is not a block', [policy()], 'fail', open],
  [
    'a block of other clients alone leaves ActiveSync open',
    [blockLegacy({ conditions: { clientAppTypes: ['other'] } })],
    'fail',
    open,
  ],
  [
    'a block of ActiveSync alone leaves other clients open',
    [blockLegacy({ conditions: { clientAppTypes: ['exchangeActiveSync'] } })],
    'fail',
    open,
  ],
  [
    'ActiveSync on supported platforms is not all of ActiveSync',
    [blockLegacy({ conditions: { clientAppTypes: ['easSupported', 'other'] } })],
    'fail',
    open,
  ],
  [
    'a policy that names no client types is not taken for one on legacy clients',
    [blockLegacy({ conditions: { clientAppTypes: [] } })],
    'fail',
    open,
  ],
  [
    'a block of modern clients fails',
    [blockLegacy({ conditions: { clientAppTypes: ['browser', 'mobileAppsAndDesktopClients'] } })],
    'fail',
    open,
  ],
  [
    'a report-only block does not count',
    [blockLegacy({ state: 'enabledForReportingButNotEnforced' })],
    'fail',
    open,
  ],
  ['a disabled block does not count', [blockLegacy({ state: 'disabled' })], 'fail', open],
  [
    'a compliant device is not a block',
    [blockLegacy({ grant: grant({ builtInControls: ['compliantDevice'] }) })],
    'fail',
    open,
  ],
  [
    'a block on Exchange alone fails',
    [blockLegacy({ apps: { includeApplications: [objectId(11)] } })],
    'fail',
    open,
  ],
  [
    'a block for a group alone fails',
    [blockLegacy({ users: { includeUsers: [], includeGroups: ['g1'] } })],
    'fail',
    open,
  ],
  [
    'a block outside of trusted locations names them',
    [
      blockLegacy({
        conditions: {
          clientAppTypes: ['exchangeActiveSync', 'other'],
          locations: { include: ['All'], exclude: ['AllTrusted'] },
        },
      }),
    ],
    'fail',
    ['location:alltrusted'],
  ],
  [
    'an excluded user fails by name',
    [blockLegacy({ users: { excludeUsers: [someone] } })],
    'fail',
    [`user:${someone}`],
  ],
  [
    'an excluded group fails by name',
    [blockLegacy({ users: { excludeGroups: ['g1'] } })],
    'fail',
    ['group:g1'],
  ],
  [
    'an excluded group that another block includes passes',
    [
      blockLegacy({ users: { excludeGroups: ['g1'] } }),
      blockLegacy({ id: 'p2', users: { includeUsers: [], includeGroups: ['g1'] } }),
    ],
    'pass',
  ],
  [
    'an excluded group that falls under MFA only fails',
    [blockLegacy({ users: { excludeGroups: ['g1'] } }), policy({ id: 'p2' })],
    'fail',
    ['group:g1'],
  ],
  [
    'an excluded group blocked for one legacy client type only fails',
    [
      blockLegacy({ users: { excludeGroups: ['g1'] } }),
      blockLegacy({ id: 'p2', conditions: { clientAppTypes: ['other'] } }),
    ],
    'fail',
    ['group:g1'],
  ],
]

describe('AC-05, legacy protocols are shut', () => {
  it.each(rows)('%s', (_sentence, policies, verdict, named = []) => {
    const judged = judgeAc05({ policies, securityDefaults: securityDefaults(false) })
    const names = judged.reasons
      .filter(reason => reason.verdict === 'fail')
      .map(({ code, detail }) =>
        code === 'exclusion_not_covered' ? `${detail.exclusionKind}:${detail.exclusionId}` : code,
      )
    expect([judged.verdict, names]).toEqual([verdict, named])
    for (const reason of judged.reasons) expect(explainReason(reason).text).toMatch(/^[A-Z0-9].*\.$/)
  })

  it('passes where security defaults are on', () => {
    expect(judgeAc05({ policies: [], securityDefaults: securityDefaults(true) }).verdict).toBe('pass')
  })

  it('is not testable without P1 where security defaults are off', () => {
    const unavailable = [{ kind: 'conditional_access_policies', reason: 'licence' }] as const
    const judged = judgeAc05({ policies: [], securityDefaults: securityDefaults(false), unavailable })
    expect(judged).toMatchObject({ verdict: 'not_testable', reasons: [{ detail: { licence: 'P1' } }] })
  })
})
