import { z } from 'zod'
import type { UserItem } from '../../../domain/evidence/items.ts'
import type { NormalisedItem } from '../../contract.ts'
import { subjectKeyOf } from './subject-key.ts'
import { idText, instantOf, optionalFlag, optionalText } from './values.ts'

export const userRowSchema = z.object({
  id: idText,
  displayName: optionalText,
  userPrincipalName: optionalText,
  mail: optionalText,
  userType: optionalText,
  accountEnabled: optionalFlag,
  createdDateTime: optionalText,
  creationType: optionalText,
  externalUserState: optionalText,
  onPremisesSyncEnabled: optionalFlag,
  employeeHireDate: optionalText,
  assignedPlans: z.array(z.object({ servicePlanId: optionalText, capabilityStatus: optionalText })).nullish(),
})

type UserRow = z.infer<typeof userRowSchema>

export function normaliseUser(row: UserRow): NormalisedItem {
  const item: UserItem = {
    id: row.id,
    displayName: row.displayName ?? null,
    userPrincipalName: row.userPrincipalName ?? null,
    mail: row.mail ?? null,
    userType: row.userType ?? null,
    accountEnabled: row.accountEnabled ?? null,
    createdDateTime: instantOf(row.createdDateTime),
    creationType: row.creationType ?? null,
    externalUserState: row.externalUserState ?? null,
    onPremisesSyncEnabled: row.onPremisesSyncEnabled ?? null,
    employeeHireDate: instantOf(row.employeeHireDate),
    plans: premiumPlans(row.assignedPlans ?? []),
  }
  return {
    subjectKey: subjectKeyOf(row.id),
    item,
  }
}

/** Service plan ids of AAD_PREMIUM and AAD_PREMIUM_P2 (Entra "product names and service plan identifiers"). */
const premiumPlanIds = new Map([
  ['41781fb2-bc02-4b7c-bd55-b576c07bb09d', 'P1'],
  ['eec0eb4f-6444-4f95-aba0-50c24d67f998', 'P2'],
])

/** Dozens of other plans come along with each account; a premium plan that is suspended does not count. */
function premiumPlans(assigned: NonNullable<UserRow['assignedPlans']>): string[] {
  let plans: string[] = []
  for (const { servicePlanId, capabilityStatus } of assigned) {
    const plan =
      servicePlanId && capabilityStatus === 'Enabled' && premiumPlanIds.get(servicePlanId.toLowerCase())
    if (plan && !plans.includes(plan)) plans = [...plans, plan].sort()
  }
  return plans
}
