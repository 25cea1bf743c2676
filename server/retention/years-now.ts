import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { organizationProfile } from '../../db/schema/state.ts'
import { notFound } from '../errors.ts'
import { isOpen } from '../projections/range.ts'

/** How many years the organization keeps content for. */
export async function yearsNow(transaction: Transaction, organizationId: string): Promise<number> {
  const [profile] = await transaction
    .select({ years: organizationProfile.retentionYears })
    .from(organizationProfile)
    .where(
      and(
        isOpen(organizationProfile, organizationId),
        eq(organizationProfile.organizationId, organizationId),
      ),
    )
  if (!profile) throw notFound('organization')
  return profile.years
}
