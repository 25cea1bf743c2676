import type { Transaction } from '../../db/client.ts'
import { organizationProfile } from '../../db/schema/state.ts'
import { deletionGraceDays } from '../domain/organization/organization.ts'
import { notFound } from '../errors.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { holdsAt } from '../projections/range.ts'
import { keptBySeals } from './seal-end.ts'
import { assessmentTitles } from './show-erasures.ts'

/** Whether the organization is to be deleted as of a moment, and what approved assessments would keep. */
export async function showDeletion(transaction: Transaction, organizationId: string, { position }: AsOf) {
  const [profile] = await transaction
    .select({ deletesAt: organizationProfile.deletesAt, years: organizationProfile.retentionYears })
    .from(organizationProfile)
    .where(holdsAt(organizationProfile, organizationId, position))
  if (!profile) throw notFound('organization')
  const { count, assessments } = await keptBySeals(transaction, organizationId)
  const titles = await assessmentTitles(transaction, organizationId)
  return {
    deletesAt: profile.deletesAt,
    graceDays: deletionGraceDays,
    kept: { count, assessments: assessments.map(id => titles.get(id) ?? id), years: profile.years },
  }
}
