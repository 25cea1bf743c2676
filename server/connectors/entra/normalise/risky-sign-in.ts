import { z } from 'zod'
import type { RiskySignInItem } from '../../../domain/evidence/items.ts'
import type { NormalisedItem } from '../../contract.ts'
import { subjectKeyOf } from './subject-key.ts'
import { idText, optionalList, optionalText, sorted } from './values.ts'

export const riskySignInRowSchema = z.object({
  id: idText,
  createdDateTime: z.string().refine(value => !Number.isNaN(Date.parse(value))),
  userId: optionalText,
  userDisplayName: optionalText,
  userPrincipalName: optionalText,
  appDisplayName: optionalText,
  clientAppUsed: optionalText,
  ipAddress: optionalText,
  location: z.object({ city: optionalText, countryOrRegion: optionalText }).nullish(),
  riskLevelAggregated: optionalText,
  riskLevelDuringSignIn: optionalText,
  riskState: optionalText,
  riskDetail: optionalText,
  riskEventTypes: optionalList,
  riskEventTypes_v2: optionalList,
  conditionalAccessStatus: optionalText,
  status: z.object({ errorCode: z.number().nullish() }).nullish(),
})

export type RiskySignInRow = z.infer<typeof riskySignInRowSchema>

/** Levels are kept as sent: `hidden` says that the directory's licence does not show them. */
export function normaliseRiskySignIn(row: RiskySignInRow): NormalisedItem {
  const item: RiskySignInItem = {
    id: row.id,
    createdDateTime: row.createdDateTime,
    userId: row.userId ?? null,
    userDisplayName: row.userDisplayName ?? null,
    userPrincipalName: row.userPrincipalName ?? null,
    appDisplayName: row.appDisplayName ?? null,
    clientAppUsed: row.clientAppUsed ?? null,
    ipAddress: row.ipAddress ?? null,
    country: row.location?.countryOrRegion ?? null,
    city: row.location?.city ?? null,
    riskLevelAggregated: row.riskLevelAggregated ?? null,
    riskLevelDuringSignIn: row.riskLevelDuringSignIn ?? null,
    riskState: row.riskState ?? null,
    riskDetail: row.riskDetail ?? null,
    riskEventTypes: riskEventTypesOf(row),
    conditionalAccessStatus: row.conditionalAccessStatus ?? null,
    errorCode: row.status?.errorCode ?? null,
  }
  return {
    subjectKey: subjectKeyOf(row.id),
    item,
  }
}

/** The second list replaces the first, whose enumeration cannot name newer detections. */
const riskEventTypesOf = (row: RiskySignInRow): string[] =>
  sorted(row.riskEventTypes_v2?.length ? row.riskEventTypes_v2 : row.riskEventTypes)
