import type {
  ConditionalAccessPolicyItem,
  MfaRegistrationItem,
  UserItem,
} from '../../server/domain/evidence/items.ts'

type Policy = ConditionalAccessPolicyItem
type Conditions = Policy['conditions']
type Grant = NonNullable<Policy['grantControls']>

export const hour = 3_600_000
export const day = 24 * hour
export const at = new Date('2026-05-10T12:00:00Z')
export const after = (milliseconds: number, from: Date = at) => new Date(from.getTime() + milliseconds)

/** The n-th object id: equal numbers are equal objects. */
export const objectId = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

export function user(n: number, more: Partial<UserItem> = {}): UserItem {
  return {
    id: objectId(n),
    displayName: `Account ${n}`,
    userPrincipalName: `account${n}@contoso.example`,
    mail: null,
    userType: 'Member',
    accountEnabled: true,
    createdDateTime: null,
    creationType: null,
    externalUserState: null,
    onPremisesSyncEnabled: null,
    employeeHireDate: null,
    plans: [],
    ...more,
  }
}

export function registration(n: number, more: Partial<MfaRegistrationItem> = {}): MfaRegistrationItem {
  return {
    id: objectId(n),
    userDisplayName: `Account ${n}`,
    userPrincipalName: `account${n}@contoso.example`,
    userType: 'member',
    isAdmin: false,
    isMfaCapable: true,
    isMfaRegistered: true,
    isPasswordlessCapable: false,
    methodsRegistered: ['microsoftAuthenticatorPush'],
    ...more,
  }
}

export function grant(more: Partial<Grant> = {}): Grant {
  return {
    operator: 'OR',
    builtInControls: [],
    customAuthenticationFactors: [],
    termsOfUse: [],
    authenticationStrength: null,
    ...more,
  }
}

export const strength = (
  requirementsSatisfied: string | null,
  allowedCombinations: string[] = ['fido2'],
): Grant['authenticationStrength'] => ({
  id: objectId(900),
  displayName: 'Strength',
  requirementsSatisfied,
  allowedCombinations,
})

export interface PolicyChanges {
  id?: string
  state?: string
  grant?: Grant | null
  users?: Partial<Conditions['users']>
  apps?: Partial<Conditions['applications']>
  conditions?: Partial<Omit<Conditions, 'users' | 'applications'>>
}

/** An enabled policy that demands MFA of all users on all apps, but for the changes. */
export function policy(changes: PolicyChanges = {}): Policy {
  return {
    id: changes.id ?? 'p1',
    displayName: 'A policy',
    state: changes.state ?? 'enabled',
    createdDateTime: null,
    modifiedDateTime: null,
    conditions: {
      clientAppTypes: ['all'],
      platforms: null,
      locations: null,
      devices: null,
      userRiskLevels: [],
      signInRiskLevels: [],
      servicePrincipalRiskLevels: [],
      insiderRiskLevels: [],
      forWorkloadIdentities: false,
      other: [],
      ...changes.conditions,
      applications: {
        includeApplications: ['All'],
        excludeApplications: [],
        includeUserActions: [],
        includeAuthenticationContextClassReferences: [],
        filter: null,
        ...changes.apps,
      },
      users: {
        includeUsers: ['All'],
        excludeUsers: [],
        includeGroups: [],
        excludeGroups: [],
        includeRoles: [],
        excludeRoles: [],
        includeGuestsOrExternalUsers: null,
        excludeGuestsOrExternalUsers: null,
        ...changes.users,
      },
    },
    grantControls: changes.grant === undefined ? grant({ builtInControls: ['mfa'] }) : changes.grant,
    sessionControls: null,
  }
}

/** An enabled policy that blocks legacy clients for all users on all apps, but for the changes. */
export const blockLegacy = (changes: PolicyChanges = {}): Policy =>
  policy({
    grant: grant({ builtInControls: ['block'] }),
    ...changes,
    conditions: { clientAppTypes: ['exchangeActiveSync', 'other'], ...changes.conditions },
  })

export const securityDefaults = (isEnabled: boolean) => ({ id: objectId(999), isEnabled })
