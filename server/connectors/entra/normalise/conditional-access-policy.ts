import { z } from 'zod'
import type { ConditionalAccessPolicyItem } from '../../../domain/evidence/items.ts'
import type { NormalisedItem } from '../../contract.ts'
import { type KnownFields, unknownConditions, withoutAnnotations } from './conditions.ts'
import { subjectKeyOf } from './subject-key.ts'
import { flags, idText, instantOf, optionalList, optionalText, sorted } from './values.ts'

const filterSchema = z.looseObject({ mode: z.string(), rule: z.string() }).nullish()

const guestsSchema = z
  .looseObject({
    guestOrExternalUserTypes: optionalText,
    externalTenants: z
      .looseObject({ '@odata.type': optionalText, membershipKind: optionalText, members: optionalList })
      .nullish(),
  })
  .nullish()

/** Loose where the shape is compared with what is known: a condition that nobody knows must not get lost. */
const conditionsSchema = z.looseObject({
  clientAppTypes: optionalList,
  applications: z
    .looseObject({
      includeApplications: optionalList,
      excludeApplications: optionalList,
      includeUserActions: optionalList,
      includeAuthenticationContextClassReferences: optionalList,
      applicationFilter: filterSchema,
    })
    .nullish(),
  users: z
    .looseObject({
      includeUsers: optionalList,
      excludeUsers: optionalList,
      includeGroups: optionalList,
      excludeGroups: optionalList,
      includeRoles: optionalList,
      excludeRoles: optionalList,
      includeGuestsOrExternalUsers: guestsSchema,
      excludeGuestsOrExternalUsers: guestsSchema,
    })
    .nullish(),
  platforms: z.looseObject({ includePlatforms: optionalList, excludePlatforms: optionalList }).nullish(),
  locations: z.looseObject({ includeLocations: optionalList, excludeLocations: optionalList }).nullish(),
  devices: z.looseObject({ deviceFilter: filterSchema }).nullish(),
  clientApplications: z
    .looseObject({ includeServicePrincipals: optionalList, servicePrincipalFilter: filterSchema })
    .nullish(),
  userRiskLevels: optionalList,
  signInRiskLevels: optionalList,
  servicePrincipalRiskLevels: optionalList,
  insiderRiskLevels: optionalText,
})

const strengthSchema = z
  .object({
    id: idText,
    displayName: optionalText,
    requirementsSatisfied: optionalText,
    allowedCombinations: optionalList,
  })
  .nullish()

export const conditionalAccessPolicyRowSchema = z.object({
  id: idText,
  displayName: optionalText,
  state: z.string(),
  createdDateTime: optionalText,
  modifiedDateTime: optionalText,
  conditions: conditionsSchema,
  grantControls: z
    .object({
      operator: optionalText,
      builtInControls: optionalList,
      customAuthenticationFactors: optionalList,
      termsOfUse: optionalList,
      authenticationStrength: strengthSchema,
    })
    .nullish(),
  sessionControls: z.json().optional(),
})

type PolicyRow = z.infer<typeof conditionalAccessPolicyRowSchema>
type Conditions = PolicyRow['conditions']

export function normaliseConditionalAccessPolicy(row: PolicyRow): NormalisedItem {
  const item: ConditionalAccessPolicyItem = {
    id: row.id,
    displayName: row.displayName ?? null,
    state: row.state,
    createdDateTime: instantOf(row.createdDateTime),
    modifiedDateTime: instantOf(row.modifiedDateTime),
    conditions: conditionsOf(row.conditions),
    grantControls: grantControlsOf(row.grantControls),
    sessionControls: withoutAnnotations(row.sessionControls ?? null),
  }
  return { subjectKey: subjectKeyOf(row.id), item }
}

function conditionsOf(conditions: Conditions): ConditionalAccessPolicyItem['conditions'] {
  const { applications, users, platforms, locations, devices, clientApplications } = conditions
  return {
    clientAppTypes: sorted(conditions.clientAppTypes),
    applications: {
      includeApplications: sorted(applications?.includeApplications),
      excludeApplications: sorted(applications?.excludeApplications),
      includeUserActions: sorted(applications?.includeUserActions),
      includeAuthenticationContextClassReferences: sorted(
        applications?.includeAuthenticationContextClassReferences,
      ),
      filter: filterOf(applications?.applicationFilter),
    },
    users: {
      includeUsers: sorted(users?.includeUsers),
      excludeUsers: sorted(users?.excludeUsers),
      includeGroups: sorted(users?.includeGroups),
      excludeGroups: sorted(users?.excludeGroups),
      includeRoles: sorted(users?.includeRoles),
      excludeRoles: sorted(users?.excludeRoles),
      includeGuestsOrExternalUsers: guestsOf(users?.includeGuestsOrExternalUsers),
      excludeGuestsOrExternalUsers: guestsOf(users?.excludeGuestsOrExternalUsers),
    },
    platforms: platforms
      ? { include: sorted(platforms.includePlatforms), exclude: sorted(platforms.excludePlatforms) }
      : null,
    locations: locations
      ? { include: sorted(locations.includeLocations), exclude: sorted(locations.excludeLocations) }
      : null,
    devices: filterOf(devices?.deviceFilter),
    userRiskLevels: sorted(conditions.userRiskLevels),
    signInRiskLevels: sorted(conditions.signInRiskLevels),
    servicePrincipalRiskLevels: sorted(conditions.servicePrincipalRiskLevels),
    insiderRiskLevels: flags(conditions.insiderRiskLevels),
    forWorkloadIdentities:
      sorted(clientApplications?.includeServicePrincipals).length > 0 ||
      filterOf(clientApplications?.servicePrincipalFilter) !== null,
    other: unknownConditions(conditions, known),
  }
}

const fields = (...names: string[]): KnownFields => Object.fromEntries(names.map(name => [name, true]))

/** The condition set as this file reads it. */
const known: KnownFields = {
  ...fields(
    'clientAppTypes',
    'userRiskLevels',
    'signInRiskLevels',
    'servicePrincipalRiskLevels',
    'insiderRiskLevels',
  ),
  applications: fields(
    'includeApplications',
    'excludeApplications',
    'includeUserActions',
    'includeAuthenticationContextClassReferences',
    'applicationFilter',
  ),
  users: fields(
    'includeUsers',
    'excludeUsers',
    'includeGroups',
    'excludeGroups',
    'includeRoles',
    'excludeRoles',
    'includeGuestsOrExternalUsers',
    'excludeGuestsOrExternalUsers',
  ),
  platforms: fields('includePlatforms', 'excludePlatforms'),
  locations: fields('includeLocations', 'excludeLocations'),
  devices: fields('deviceFilter'),
  clientApplications: fields(
    'includeServicePrincipals',
    'excludeServicePrincipals',
    'servicePrincipalFilter',
  ),
}

const filterOf = (filter: z.infer<typeof filterSchema>) =>
  filter ? { mode: filter.mode, rule: filter.rule } : null

/** Without a list of tenants nothing narrows the guests down to some of them. */
function guestsOf(guests: z.infer<typeof guestsSchema>) {
  if (!guests) return null
  const { externalTenants } = guests
  const allTenants =
    !externalTenants ||
    externalTenants.membershipKind === 'all' ||
    externalTenants['@odata.type'] === '#microsoft.graph.conditionalAccessAllExternalTenants'
  const types = flags(guests.guestOrExternalUserTypes)
  if (allTenants || !externalTenants.members) return { types, allTenants }
  return { types, allTenants, tenants: sorted(externalTenants.members.map(id => id.toLowerCase())) }
}

function grantControlsOf(controls: PolicyRow['grantControls']): ConditionalAccessPolicyItem['grantControls'] {
  if (!controls) return null
  const strength = controls.authenticationStrength
  return {
    operator: controls.operator ?? null,
    builtInControls: sorted(controls.builtInControls),
    customAuthenticationFactors: sorted(controls.customAuthenticationFactors),
    termsOfUse: sorted(controls.termsOfUse),
    authenticationStrength: strength
      ? {
          id: strength.id,
          displayName: strength.displayName ?? null,
          requirementsSatisfied: strength.requirementsSatisfied ?? null,
          allowedCombinations: sorted(strength.allowedCombinations),
        }
      : null,
  }
}
