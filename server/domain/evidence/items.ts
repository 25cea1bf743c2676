import { z } from 'zod'
import type { EvidenceKind } from './kinds.ts'

/**
 * The normalised facts inside evidence, per kind. Strings from the source are kept as they are (unknown enum
 * values included); null means that the source said nothing. Volatile fields are provenance and do not appear here.
 */

const text = z.string().nullable()
/** The person was erased: what names them is null, whatever the source says. */
const suppressed = z.literal(true).optional()
const instant = z.string().nullable()

/** One account of the directory. `plans` are the premium plans assigned and enabled: `P1`, `P2`. */
export const userItemSchema = z.strictObject({
  id: z.string(),
  displayName: text,
  userPrincipalName: text,
  mail: text,
  userType: text,
  accountEnabled: z.boolean().nullable(),
  createdDateTime: instant,
  creationType: text,
  externalUserState: text,
  onPremisesSyncEnabled: z.boolean().nullable(),
  employeeHireDate: instant,
  plans: z.array(z.string()),
  suppressed,
})

/** One row of the registration report: disabled and deleted accounts have none. */
export const mfaRegistrationItemSchema = z.strictObject({
  id: z.string(),
  userDisplayName: text,
  userPrincipalName: text,
  userType: text,
  isAdmin: z.boolean().nullable(),
  isMfaCapable: z.boolean().nullable(),
  isMfaRegistered: z.boolean().nullable(),
  isPasswordlessCapable: z.boolean().nullable(),
  /** Sorted. */
  methodsRegistered: z.array(z.string()),
  suppressed,
})

export const securityDefaultsItemSchema = z.strictObject({ id: z.string(), isEnabled: z.boolean() })

const ids = z.array(z.string())

/** Which guests a policy means. The organizations are told where it names some, in what was read since they are recorded. */
const guestsSchema = z.strictObject({ types: ids, allTenants: z.boolean(), tenants: ids.optional() })

/** One conditional-access policy; of each condition what rules look at, lists sorted, absent lists empty. */
export const conditionalAccessPolicyItemSchema = z.strictObject({
  id: z.string(),
  displayName: text,
  state: z.string(),
  createdDateTime: instant,
  modifiedDateTime: instant,
  conditions: z.strictObject({
    clientAppTypes: ids,
    applications: z.strictObject({
      includeApplications: ids,
      excludeApplications: ids,
      includeUserActions: ids,
      includeAuthenticationContextClassReferences: ids,
      /** The filter's mode and rule where applications are also picked by attribute. */
      filter: z.strictObject({ mode: z.string(), rule: z.string() }).nullable(),
    }),
    users: z.strictObject({
      includeUsers: ids,
      excludeUsers: ids,
      includeGroups: ids,
      excludeGroups: ids,
      includeRoles: ids,
      excludeRoles: ids,
      /** Guest kinds, as flags, sorted; null where not used. */
      includeGuestsOrExternalUsers: guestsSchema.nullable(),
      excludeGuestsOrExternalUsers: guestsSchema.nullable(),
    }),
    platforms: z.strictObject({ include: ids, exclude: ids }).nullable(),
    locations: z.strictObject({ include: ids, exclude: ids }).nullable(),
    devices: z.strictObject({ mode: z.string(), rule: z.string() }).nullable(),
    userRiskLevels: ids,
    signInRiskLevels: ids,
    servicePrincipalRiskLevels: ids,
    insiderRiskLevels: ids,
    /** True where the policy is for workload identities and not for people. */
    forWorkloadIdentities: z.boolean(),
    /** Names of conditions that the source sent and this shape does not know: a rule must not take such a policy for unconditional. */
    other: ids,
  }),
  grantControls: z
    .strictObject({
      operator: z.string().nullable(),
      builtInControls: ids,
      customAuthenticationFactors: ids,
      termsOfUse: ids,
      authenticationStrength: z
        .strictObject({
          id: z.string(),
          displayName: text,
          requirementsSatisfied: text,
          allowedCombinations: ids,
        })
        .nullable(),
    })
    .nullable(),
  /** Session controls as sent, without annotations; null where none. */
  sessionControls: z.json().nullable(),
})

export const riskyUserItemSchema = z.strictObject({
  id: z.string(),
  userDisplayName: text,
  userPrincipalName: text,
  riskLevel: text,
  riskState: text,
  riskDetail: text,
  riskLastUpdatedDateTime: instant,
  isDeleted: z.boolean().nullable(),
  suppressed,
})

/** One interactive sign-in with risk. Level `hidden` means not visible without P2, never "no risk". */
export const riskySignInItemSchema = z.strictObject({
  id: z.string(),
  createdDateTime: z.string(),
  userId: text,
  userDisplayName: text,
  userPrincipalName: text,
  appDisplayName: text,
  clientAppUsed: text,
  ipAddress: text,
  country: text,
  city: text,
  riskLevelAggregated: text,
  riskLevelDuringSignIn: text,
  riskState: text,
  riskDetail: text,
  riskEventTypes: ids,
  conditionalAccessStatus: text,
  /** 0 where the sign-in succeeded. */
  errorCode: z.number().nullable(),
  suppressed,
})

/**
 * When an account was last seen. Null means never, in all the ways in which a source says so. An attempt may have
 * failed; only a success shows that the account is used.
 */
export const signInActivityItemSchema = z.strictObject({
  id: z.string(),
  lastSuccessfulSignInDateTime: instant,
  lastSignInDateTime: instant,
})

export const itemSchemas = {
  user_inventory: userItemSchema,
  mfa_registration: mfaRegistrationItemSchema,
  security_defaults: securityDefaultsItemSchema,
  conditional_access_policies: conditionalAccessPolicyItemSchema,
  risky_users: riskyUserItemSchema,
  risky_sign_ins: riskySignInItemSchema,
  sign_in_activity: signInActivityItemSchema,
} as const

export type UserItem = z.infer<typeof userItemSchema>
export type MfaRegistrationItem = z.infer<typeof mfaRegistrationItemSchema>
export type SecurityDefaultsItem = z.infer<typeof securityDefaultsItemSchema>
export type ConditionalAccessPolicyItem = z.infer<typeof conditionalAccessPolicyItemSchema>
export type RiskyUserItem = z.infer<typeof riskyUserItemSchema>
export type RiskySignInItem = z.infer<typeof riskySignInItemSchema>
export type SignInActivityItem = z.infer<typeof signInActivityItemSchema>

export interface ItemByKind {
  user_inventory: UserItem
  mfa_registration: MfaRegistrationItem
  security_defaults: SecurityDefaultsItem
  conditional_access_policies: ConditionalAccessPolicyItem
  risky_users: RiskyUserItem
  risky_sign_ins: RiskySignInItem
  sign_in_activity: SignInActivityItem
}

/** Reads an item's stored body. @throws {ZodError} for a body that is not of the kind */
export function parseItem<K extends EvidenceKind>(kind: K, body: string): ItemByKind[K] {
  // The schema was looked up by the very kind it belongs to.
  return itemSchemas[kind].parse(JSON.parse(body)) as ItemByKind[K]
}
