import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { organizationProfile } from '../../db/schema/state.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { commandOrganization } from '../members/command-organization.ts'
import { isOpen } from '../projections/range.ts'
import type { Services } from '../services.ts'
import { endingSteps } from './end-organization.ts'
import { purgeAll } from './purge-all.ts'
import { type HeldPurge, holdPurge, type PurgeCounts } from './purge-lease.ts'

/** Whether a deletion is due by now and not done. */
export async function isDeletionDue(
  transaction: Transaction,
  organizationId: string,
  now: Date,
): Promise<boolean> {
  const [profile] = await transaction
    .select({ deletesAt: organizationProfile.deletesAt, deletedAt: organizationProfile.deletedAt })
    .from(organizationProfile)
    .where(isOpen(organizationProfile, organizationId))
  return Boolean(profile?.deletesAt && profile.deletesAt <= now && !profile.deletedAt)
}

/**
 * Deletes an organization whose time has come, step by step; each looks for what is left, so that whatever ends it, the
 * next one goes on. Events, hashes and checkpoints stay, and what approved assessments hold.
 */
export async function deleteOrganization(
  services: Services,
  purgeLedger: Ledger,
  held: HeldPurge,
  signal: AbortSignal,
): Promise<PurgeCounts> {
  const { organizationId } = held
  for (const step of endingSteps) {
    signal.throwIfAborted()
    await step(services, organizationId)
  }
  const counts = await purgeAll(purgeLedger, held, signal, {
    cause: { reason: 'organization_deleted', before: null, subjectKey: null },
    due: async () => sql`true`,
  })
  await services.ledger.command(organizationId, 'system:deletion', async unit => {
    await holdPurge(unit.transaction, held)
    const kept = await keptBySeals(unit.transaction, organizationId)
    await commandOrganization(unit, { type: 'complete_deletion', now: unit.now, kept })
  })
  return counts
}

/** The bodies that approved assessments hold, and which. */
export async function keptBySeals(
  transaction: Transaction,
  organizationId: string,
): Promise<{ count: number; assessments: string[] }> {
  const rows = await transaction.execute<{ id: string; count: number }>(sql`
    select b.sealed_by as id, count(*)::int as count
      from ledger.item_body b
     where b.organization_id = ${organizationId} and b.sealed_by is not null
     group by b.sealed_by
     order by b.sealed_by`)
  return {
    count: rows.reduce((sum, { count }) => sum + count, 0),
    assessments: rows.map(({ id }) => id),
  }
}
