import type { PolicyDocument } from '../types.ts'
import { objectId, toSeconds } from './account.ts'
import { day } from './churn.ts'
import { userIdOf } from './hash.ts'

/** Role template ids from Microsoft's list of built-in roles. */
const administratorRoles = [
  '62e90394-69f5-4237-9190-012177145e10',
  'e8611ab8-c189-46e8-94e1-60213ab1f814',
  '194ae4cb-b126-40b2-bd5b-6091b380977d',
  '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3',
  'b1be1c3e-b65d-4f19-8427-f6fa0d97feb9',
]

/**
 * The conditional access policies of a generated tenant: a sound baseline in which one emergency account
 * needs no second factor, two report-only policies and, with churn, edits on given days.
 */
export function generatePolicies(
  spec: { seed: number; since: Date; emergency: number[]; hasRisk: boolean; hasChurn: boolean },
  now: Date,
): PolicyDocument[] {
  const { seed, since } = spec
  const days = spec.hasChurn ? (now.getTime() - since.getTime()) / day : 0
  const emergency = spec.emergency.map(index => userIdOf(seed, index))
  const travellers = objectId(seed, 900)
  const primary = emergency.slice(0, 1)
  const base = (name: number, displayName: string, edited = since.getTime() - (90 + name) * day) => ({
    id: objectId(seed, name),
    templateId: null,
    displayName,
    description: null,
    createdDateTime: toSeconds(new Date(since.getTime() - (400 + name) * day)),
    modifiedDateTime: toSeconds(new Date(edited)),
    deletedDateTime: null,
  })
  // On day 12 somebody leaves a travel group out of the policy; on day 14 it is put right.
  const excludesTravellers = days >= 12 && days < 14
  const mfaEdited = days >= 14 ? since.getTime() + 14 * day : since.getTime() + 12 * day
  const compliant = days >= 20
  const policies: PolicyDocument[] = [
    {
      ...base(1, 'Require multifactor authentication for all users', days >= 12 ? mfaEdited : undefined),
      state: 'enabled',
      conditions: conditions({
        excludeUsers: primary,
        excludeGroups: excludesTravellers ? [travellers] : [],
      }),
      grantControls: grant(['mfa']),
      sessionControls: null,
    },
    {
      ...base(2, 'Block legacy authentication'),
      state: 'enabled',
      conditions: conditions({}, { clientAppTypes: ['exchangeActiveSync', 'other'] }),
      grantControls: grant(['block']),
      sessionControls: null,
    },
    {
      ...base(3, 'Require phishing-resistant authentication for administrators'),
      state: 'enabled',
      conditions: conditions({ includeUsers: [], includeRoles: administratorRoles, excludeUsers: primary }),
      grantControls: { ...grant([]), authenticationStrength: phishingResistant },
      sessionControls: { ...noSession, signInFrequency: every(8, 'hours') },
    },
    {
      ...base(4, 'Require multifactor authentication for guests'),
      state: 'enabled',
      conditions: conditions({ includeUsers: [], includeGuestsOrExternalUsers: everyGuest }),
      grantControls: grant(['mfa']),
      sessionControls: null,
    },
    {
      ...base(
        5,
        'Require compliant devices for Office 365',
        compliant ? since.getTime() + 20 * day : undefined,
      ),
      state: compliant ? 'enabled' : 'enabledForReportingButNotEnforced',
      conditions: conditions(
        { excludeUsers: primary, excludeGroups: [travellers] },
        { applications: applications(['Office365']) },
      ),
      grantControls: grant(['compliantDevice', 'domainJoinedDevice']),
      sessionControls: null,
    },
    {
      ...base(6, 'Block access from unapproved countries'),
      state: 'enabledForReportingButNotEnforced',
      conditions: conditions(
        { excludeUsers: emergency },
        { locations: { includeLocations: ['All'], excludeLocations: [objectId(seed, 901), 'AllTrusted'] } },
      ),
      grantControls: grant(['block']),
      sessionControls: null,
    },
    {
      ...base(7, 'Old pilot: terms of use'),
      state: 'disabled',
      conditions: conditions(
        { includeUsers: [], includeGroups: [objectId(seed, 902)] },
        // A platform that is newer than the enumeration comes as its placeholder.
        { platforms: { includePlatforms: ['windows', 'unknownFutureValue'], excludePlatforms: [] } },
      ),
      grantControls: { ...grant([]), termsOfUse: [objectId(seed, 903)] },
      sessionControls: null,
    },
  ]
  if (!spec.hasRisk) return policies
  return [
    ...policies,
    {
      ...base(8, 'Require multifactor authentication for risky sign-ins'),
      state: 'enabled',
      conditions: conditions({}, { signInRiskLevels: ['high', 'medium'] }),
      grantControls: grant(['mfa']),
      sessionControls: { ...noSession, signInFrequency: everyTime },
    },
    {
      ...base(9, 'Require password change for high-risk users'),
      state: 'enabled',
      conditions: conditions({}, { userRiskLevels: ['high'] }),
      grantControls: { ...grant(['mfa', 'passwordChange']), operator: 'AND' },
      sessionControls: { ...noSession, signInFrequency: everyTime },
    },
  ]
}

function conditions(users: Record<string, unknown>, more: Record<string, unknown> = {}) {
  return {
    userRiskLevels: [],
    signInRiskLevels: [],
    clientAppTypes: ['all'],
    servicePrincipalRiskLevels: [],
    insiderRiskLevels: null,
    platforms: null,
    locations: null,
    devices: null,
    clientApplications: null,
    authenticationFlows: null,
    applications: applications(['All']),
    ...more,
    users: {
      includeUsers: ['All'],
      excludeUsers: [],
      includeGroups: [],
      excludeGroups: [],
      includeRoles: [],
      excludeRoles: [],
      includeGuestsOrExternalUsers: null,
      excludeGuestsOrExternalUsers: null,
      ...users,
    },
  }
}

function applications(includeApplications: string[]) {
  return {
    includeApplications,
    excludeApplications: [],
    includeUserActions: [],
    includeAuthenticationContextClassReferences: [],
    applicationFilter: null,
  }
}

function grant(builtInControls: string[]) {
  return {
    operator: 'OR',
    builtInControls,
    customAuthenticationFactors: [],
    termsOfUse: [],
    authenticationStrength: null,
  }
}

const noSession = {
  disableResilienceDefaults: null,
  applicationEnforcedRestrictions: null,
  cloudAppSecurity: null,
  persistentBrowser: null,
}

const everyTime = {
  value: null,
  type: null,
  authenticationType: 'primaryAndSecondaryAuthentication',
  frequencyInterval: 'everyTime',
  isEnabled: true,
}

function every(value: number, type: 'hours' | 'days') {
  return {
    value,
    type,
    authenticationType: 'primaryAndSecondaryAuthentication',
    frequencyInterval: 'timeBased',
    isEnabled: true,
  }
}

const everyGuest = {
  guestOrExternalUserTypes:
    'internalGuest,b2bCollaborationGuest,b2bCollaborationMember,b2bDirectConnectUser,otherExternalUser,serviceProvider',
  externalTenants: {
    '@odata.type': '#microsoft.graph.conditionalAccessAllExternalTenants',
    membershipKind: 'all',
  },
}

/** The built-in strength of this name; its id is the same in every tenant. */
const phishingResistant = {
  id: '00000000-0000-0000-0000-000000000004',
  createdDateTime: '2021-12-01T00:00:00Z',
  modifiedDateTime: '2021-12-01T00:00:00Z',
  displayName: 'Phishing-resistant MFA',
  description:
    'Phishing-resistant, Passwordless methods for the strongest authentication, such as a FIDO2 security key',
  policyType: 'builtIn',
  requirementsSatisfied: 'mfa',
  allowedCombinations: ['windowsHelloForBusiness', 'fido2', 'x509CertificateMultiFactor'],
}
