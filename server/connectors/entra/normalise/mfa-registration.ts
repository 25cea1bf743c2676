import { z } from 'zod'
import type { MfaRegistrationItem } from '../../../domain/evidence/items.ts'
import type { NormalisedItem } from '../../contract.ts'
import { subjectKeyOf } from './subject-key.ts'
import { idText, instantOf, optionalFlag, optionalList, optionalText, sorted } from './values.ts'

export const mfaRegistrationRowSchema = z.object({
  id: idText,
  userDisplayName: optionalText,
  userPrincipalName: optionalText,
  userType: optionalText,
  isAdmin: optionalFlag,
  isMfaCapable: optionalFlag,
  isMfaRegistered: optionalFlag,
  isPasswordlessCapable: optionalFlag,
  methodsRegistered: optionalList,
  lastUpdatedDateTime: optionalText,
})

type MfaRegistrationRow = z.infer<typeof mfaRegistrationRowSchema>

export function normaliseMfaRegistration(row: MfaRegistrationRow): NormalisedItem {
  const item: MfaRegistrationItem = {
    id: row.id,
    userDisplayName: row.userDisplayName ?? null,
    userPrincipalName: row.userPrincipalName ?? null,
    userType: row.userType ?? null,
    isAdmin: row.isAdmin ?? null,
    isMfaCapable: row.isMfaCapable ?? null,
    isMfaRegistered: row.isMfaRegistered ?? null,
    isPasswordlessCapable: row.isPasswordlessCapable ?? null,
    methodsRegistered: sorted(row.methodsRegistered),
  }
  return {
    subjectKey: subjectKeyOf(row.id),
    item,
  }
}

/** When the report was made: `lastUpdatedDateTime` dates the report, not the registration. The latest one seen. */
export function latestReport(rows: readonly MfaRegistrationRow[], before: string | null): string | null {
  let latest = before
  let latestTime = before === null ? Number.NEGATIVE_INFINITY : Date.parse(before)
  for (const row of rows) {
    const stamp = instantOf(row.lastUpdatedDateTime)
    if (stamp === null || stamp === latest) continue
    const time = Date.parse(stamp)
    if (time > latestTime) {
      latest = stamp
      latestTime = time
    }
  }
  return latest
}
