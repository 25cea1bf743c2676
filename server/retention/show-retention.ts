import { eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { organizationProfile, purge } from '../../db/schema/state.ts'
import { retentionYears, windowStart } from '../domain/retention/window.ts'
import { notFound } from '../errors.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { holdsAt } from '../projections/range.ts'
import { countDue, endedBefore } from './due-items.ts'

/** How long content was kept for as of a moment, and what purges came to. */
export async function showRetention(transaction: Transaction, organizationId: string, { position }: AsOf) {
  const [profile] = await transaction
    .select({ years: organizationProfile.retentionYears })
    .from(organizationProfile)
    .where(holdsAt(organizationProfile, organizationId, position))
  if (!profile) throw notFound('organization')
  const [record] = await transaction.select().from(purge).where(eq(purge.organizationId, organizationId))
  return {
    years: profile.years,
    bounds: { ...retentionYears },
    lastPurge: record?.finishedAt
      ? { at: record.finishedAt, removed: record.removed, kept: record.kept }
      : null,
    nextPurgeAt: record?.dueAt ?? null,
  }
}

/** What the next purge would remove, were content kept for so many years from now on. */
export async function previewRetention(
  transaction: Transaction,
  organizationId: string,
  { now, years }: { now: Date; years: number },
): Promise<{ before: Date; removed: number; kept: number }> {
  const before = windowStart(now, years)
  const due = await endedBefore(transaction, organizationId, before)
  return { before, ...(await countDue(transaction, organizationId, due)) }
}
