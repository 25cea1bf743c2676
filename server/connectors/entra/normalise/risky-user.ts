import { z } from 'zod'
import type { RiskyUserItem } from '../../../domain/evidence/items.ts'
import type { NormalisedItem } from '../../contract.ts'
import { subjectKeyOf } from './subject-key.ts'
import { idText, instantOf, optionalFlag, optionalText } from './values.ts'

export const riskyUserRowSchema = z.object({
  id: idText,
  userDisplayName: optionalText,
  userPrincipalName: optionalText,
  riskLevel: optionalText,
  riskState: optionalText,
  riskDetail: optionalText,
  riskLastUpdatedDateTime: optionalText,
  isDeleted: optionalFlag,
})

export function normaliseRiskyUser(row: z.infer<typeof riskyUserRowSchema>): NormalisedItem {
  const item: RiskyUserItem = {
    id: row.id,
    userDisplayName: row.userDisplayName ?? null,
    userPrincipalName: row.userPrincipalName ?? null,
    riskLevel: row.riskLevel ?? null,
    riskState: row.riskState ?? null,
    riskDetail: row.riskDetail ?? null,
    riskLastUpdatedDateTime: instantOf(row.riskLastUpdatedDateTime),
    isDeleted: row.isDeleted ?? null,
  }
  return {
    subjectKey: subjectKeyOf(row.id),
    item,
  }
}
