import { describe, expect, test } from 'vitest'
import {
  conditionalAccessPolicyRowSchema,
  normaliseConditionalAccessPolicy,
} from '../../server/connectors/entra/normalise/conditional-access-policy.ts'
import { latestReport } from '../../server/connectors/entra/normalise/mfa-registration.ts'
import {
  normaliseRiskySignIn,
  riskySignInRowSchema,
} from '../../server/connectors/entra/normalise/risky-sign-in.ts'
import { subjectKeyOf } from '../../server/connectors/entra/normalise/subject-key.ts'
import { normaliseUser, userRowSchema } from '../../server/connectors/entra/normalise/users.ts'
import {
  conditionalAccessPolicyItemSchema,
  riskySignInItemSchema,
  userItemSchema,
} from '../../server/domain/evidence/items.ts'

const policy = (row: object) =>
  conditionalAccessPolicyItemSchema.parse(
    normaliseConditionalAccessPolicy(
      conditionalAccessPolicyRowSchema.parse({
        id: '6f1c7f0e-0000-4000-8000-000000000001',
        state: 'enabled',
        conditions: {},
        ...row,
      }),
    ).item,
  )

describe('a conditional access policy', () => {
  test('with next to nothing in it gives empty lists and nulls', () => {
    expect(policy({}).conditions).toMatchObject({
      clientAppTypes: [],
      platforms: null,
      locations: null,
      devices: null,
      insiderRiskLevels: [],
      forWorkloadIdentities: false,
      other: [],
    })
    expect(policy({})).toMatchObject({ displayName: null, grantControls: null, sessionControls: null })
  })

  test('is the same whatever order its lists come in', () => {
    const users = (includeUsers: string[]) => policy({ conditions: { users: { includeUsers } } })
    expect(users(['b', 'a', 'c'])).toEqual(users(['c', 'b', 'a']))
  })

  test('names every condition that is in use and not known, at both depths, and no annotation', () => {
    const { conditions } = policy({
      conditions: {
        'users@odata.context': 'x',
        authenticationFlows: { transferMethods: 'deviceCodeFlow' },
        agentIdRiskLevels: 'high',
        futureUnused: null,
        futureEmpty: { inner: [] },
        devices: { includeDevices: ['All'], deviceFilter: null },
        applications: { includeApplications: ['All'], globalSecureAccess: { enabled: true } },
        users: { includeUsers: ['All'], '@odata.type': '#x' },
      },
    })
    expect(conditions.other).toEqual([
      'agentIdRiskLevels',
      'applications.globalSecureAccess',
      'authenticationFlows',
      'devices.includeDevices',
    ])
  })

  test('splits flags, and tells all external tenants from some', () => {
    const { users, insiderRiskLevels } = policy({
      conditions: {
        insiderRiskLevels: 'moderate, minor',
        users: {
          includeGuestsOrExternalUsers: {
            guestOrExternalUserTypes: 'internalGuest,b2bCollaborationGuest',
            externalTenants: {
              '@odata.type': '#microsoft.graph.conditionalAccessAllExternalTenants',
              membershipKind: 'all',
            },
          },
          excludeGuestsOrExternalUsers: {
            guestOrExternalUserTypes: 'serviceProvider',
            externalTenants: {
              '@odata.type': '#microsoft.graph.conditionalAccessEnumeratedExternalTenants',
              membershipKind: 'enumerated',
              members: ['Y', 'x'],
            },
          },
        },
      },
    }).conditions
    expect(insiderRiskLevels).toEqual(['minor', 'moderate'])
    expect(users.includeGuestsOrExternalUsers).toEqual({
      types: ['b2bCollaborationGuest', 'internalGuest'],
      allTenants: true,
    })
    expect(users.excludeGuestsOrExternalUsers).toEqual({
      types: ['serviceProvider'],
      allTenants: false,
      tenants: ['x', 'y'],
    })
  })

  test('for workload identities is marked as such', () => {
    const workload = {
      clientApplications: {
        includeServicePrincipals: ['ServicePrincipalsInMyTenant'],
        excludeServicePrincipals: [],
      },
    }
    expect(policy({ conditions: workload }).conditions.forWorkloadIdentities).toBe(true)
    expect(policy({ conditions: workload }).conditions.other).toEqual([])
  })

  test('keeps session controls as sent, without annotations, and unknown states and controls as they are', () => {
    const item = policy({
      state: 'unknownFutureValue',
      grantControls: {
        operator: 'OR',
        builtInControls: ['mfa', 'brandNew'],
        'authenticationStrength@odata.context': 'x',
        authenticationStrength: { id: 's', allowedCombinations: ['fido2', 'deviceBasedPush'] },
      },
      sessionControls: {
        'x@odata.type': 'y',
        signInFrequency: { value: 4, isEnabled: true, '@odata.type': 'z' },
      },
    })
    expect(item.state).toBe('unknownFutureValue')
    expect(item.grantControls?.builtInControls).toEqual(['brandNew', 'mfa'])
    expect(item.grantControls?.authenticationStrength).toEqual({
      id: 's',
      displayName: null,
      requirementsSatisfied: null,
      allowedCombinations: ['deviceBasedPush', 'fido2'],
    })
    expect(item.sessionControls).toEqual({ signInFrequency: { value: 4, isEnabled: true } })
  })
})

describe('a user', () => {
  const user = (row: object) =>
    userItemSchema.parse(normaliseUser(userRowSchema.parse({ id: 'A', ...row })).item)

  test('of whom the source says nothing is all nulls', () => {
    const { id, plans, ...rest } = user({})
    expect([id, plans]).toEqual(['A', []])
    expect(new Set(Object.values(rest))).toEqual(new Set([null]))
  })

  test('has the dates that say "never" as null', () => {
    expect(user({ createdDateTime: '', employeeHireDate: '0001-01-01T00:00:00Z' })).toMatchObject({
      createdDateTime: null,
      employeeHireDate: null,
    })
  })

  test('has a premium plan only where it is enabled', () => {
    const p1 = '41781FB2-bc02-4b7c-bd55-b576c07bb09d'
    const p2 = 'eec0eb4f-6444-4f95-aba0-50c24d67f998'
    const plans = (...assigned: [string | null, string][]) =>
      user({
        assignedPlans: assigned.map(([servicePlanId, capabilityStatus]) => ({
          servicePlanId,
          capabilityStatus,
        })),
      }).plans
    expect(plans([p2, 'Enabled'], [p1, 'Enabled'], [p1, 'Enabled'])).toEqual(['P1', 'P2'])
    expect(plans([p2, 'Suspended'], [p1, 'Deleted'], [null, 'Enabled'])).toEqual([])
  })
})

describe('a sign-in', () => {
  const signIn = (row: object) =>
    riskySignInItemSchema.parse(
      normaliseRiskySignIn(
        riskySignInRowSchema.parse({ id: 'x', createdDateTime: '2025-03-01T00:00:00Z', ...row }),
      ).item,
    )

  test('takes the newer list of detections where it says anything', () => {
    expect(signIn({ riskEventTypes: ['generic'], riskEventTypes_v2: ['b', 'a'] }).riskEventTypes).toEqual([
      'a',
      'b',
    ])
    expect(signIn({ riskEventTypes: ['generic'], riskEventTypes_v2: [] }).riskEventTypes).toEqual(['generic'])
    expect(signIn({ riskEventTypes: null }).riskEventTypes).toEqual([])
  })

  test('without a readable instant is not accepted', () => {
    expect(() => signIn({ createdDateTime: '' })).toThrow()
  })
})

describe('a subject key', () => {
  test('is the id in lower case, also where the id is no RFC 9562 variant', () => {
    expect(subjectKeyOf('00000000-0000-0000-0000-00000000000F')).toBe('00000000-0000-0000-0000-00000000000f')
  })

  test('is derived, always the same, where the id is something else', () => {
    expect(subjectKeyOf('something else')).toBe('bcbb7bbb-52c6-58b9-862e-e379d8d01708')
    expect(subjectKeyOf('something else')).not.toBe(subjectKeyOf('Something else'))
  })
})

test('a report is as old as its latest stamp', () => {
  const rows = ['2025-03-01T00:00:00Z', '2025-03-01T06:00:00.5Z', '', null].map(
    (lastUpdatedDateTime, index) => ({
      id: String(index),
      lastUpdatedDateTime,
    }),
  )
  expect(latestReport(rows, null)).toBe('2025-03-01T06:00:00.5Z')
  expect(latestReport(rows, '2025-04-01T00:00:00Z')).toBe('2025-04-01T00:00:00Z')
  expect(latestReport([], null)).toBeNull()
})
