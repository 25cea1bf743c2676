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
import { endSeals, keptBySeals } from './seal-end.ts'

/** Where an organization's deletion is by now. */
export async function deletionStage(
  transaction: Transaction,
  organizationId: string,
  now: Date,
): Promise<'none' | 'due' | 'done'> {
  const [profile] = await transaction
    .select({ deletesAt: organizationProfile.deletesAt, deletedAt: organizationProfile.deletedAt })
    .from(organizationProfile)
    .where(isOpen(organizationProfile, organizationId))
  if (profile?.deletedAt) return 'done'
  return profile?.deletesAt && profile.deletesAt <= now ? 'due' : 'none'
}

/**
 * Deletes an organization whose time has come, step by step; each looks for what is left, so that whatever ends it, the
 * next one goes on. Events, hashes and checkpoints stay; what approved assessments hold stays until its seals end.
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
  const counts = await purgeRest(purgeLedger, held, signal)
  await endSeals(purgeLedger, held)
  await services.ledger.command(organizationId, 'system:deletion', async unit => {
    await holdPurge(unit.transaction, held)
    const kept = await keptBySeals(unit.transaction, organizationId)
    await commandOrganization(unit, { type: 'complete_deletion', now: unit.now, kept })
  })
  return counts
}

/** Of a deleted organization, day by day: what seals held whose end has passed. */
export async function purgeReleased(
  purgeLedger: Ledger,
  held: HeldPurge,
  signal: AbortSignal,
): Promise<PurgeCounts> {
  await endSeals(purgeLedger, held)
  return purgeRest(purgeLedger, held, signal)
}

/** Everything that is left, but for what seals hold. */
const purgeRest = (purgeLedger: Ledger, held: HeldPurge, signal: AbortSignal): Promise<PurgeCounts> =>
  purgeAll(purgeLedger, held, signal, {
    cause: { reason: 'organization_deleted', before: null, subjectKey: null },
    due: async () => sql`true`,
  })
