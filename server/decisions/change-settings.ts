import { organizationProfile, outOfScope, threshold } from '../../db/schema/state.ts'
import { rejudge } from '../coverage/rejudge.ts'
import { latestCatalogueVersion } from '../domain/control/catalogue.ts'
import type { ThresholdId } from '../domain/control/definition.ts'
import { scopeOf } from '../domain/coverage/scope-of.ts'
import { decideOrganization, initialOrganization } from '../domain/organization/organization.ts'
import { decideSettings, type SettingsCommand, type SettingsState } from '../domain/organization/settings.ts'
import { notFound } from '../errors.ts'
import type { Unit } from '../ledger/ledger.ts'
import { lockHead } from '../ledger/lock-head.ts'
import type { Access } from '../members/resolve-access.ts'
import { isOpen } from '../projections/range.ts'
import type { Services } from '../services.ts'
import { DecisionFields } from './decision-fields.ts'
import { requireSource } from './known-parties.ts'

type Needed = Pick<Services, 'ledger' | 'connectors'>
type Actor = Pick<Access, 'organizationId' | 'userId'>

/** Sets a number that a rule takes, and judges by it at once. @throws {AppError} precondition_failed out of its range */
export function setThreshold(
  services: Needed,
  actor: Actor,
  { thresholdId, value }: { thresholdId: ThresholdId; value: number },
): Promise<void> {
  return change(services, actor, { type: 'set_threshold', thresholdId, value })
}

/** Takes a control out of scope, or into it again. @throws {AppError} bad_input, not_found */
export function scopeControl(
  services: Needed,
  actor: Actor,
  { controlId, isInScope, reason }: { controlId: string; isInScope: boolean; reason: string },
): Promise<void> {
  return change(services, actor, { type: 'scope_control', controlId, isInScope, reason: reasonOf(reason) })
}

/**
 * Takes a directory out of scope, or into it again: what a revoked connection leaves behind stays no data until then.
 * @throws {AppError} bad_input, not_found
 */
export function scopeSource(
  services: Needed,
  actor: Actor,
  { sourceId, isInScope, reason }: { sourceId: string; isInScope: boolean; reason: string },
): Promise<void> {
  return change(services, actor, { type: 'scope_source', sourceId, isInScope, reason: reasonOf(reason) })
}

/** Lets the newest version of the catalogue judge from here on, what is held included. */
export async function adoptCatalogue(services: Needed, { organizationId, userId }: Actor): Promise<void> {
  await services.ledger.command(organizationId, `user:${userId}`, async unit => {
    await lockHead(unit)
    const { catalogueVersion } = await loadSettings(unit)
    const command = { type: 'adopt_catalogue', version: latestCatalogueVersion } as const
    const events = decideOrganization(command, { ...initialOrganization, catalogueVersion })
    await unit.append({ type: 'organization', id: organizationId }, 'any', events)
    if (events.length > 0) await rejudge(services, unit)
  })
}

async function change(
  services: Needed,
  { organizationId, userId }: Actor,
  command: SettingsCommand,
): Promise<void> {
  await services.ledger.command(organizationId, `user:${userId}`, async unit => {
    await lockHead(unit)
    if (command.type === 'scope_source') await requireSource(unit, command.sourceId)
    const events = decideSettings(command, await loadSettings(unit))
    await unit.append({ type: 'organization', id: organizationId }, 'any', events)
    if (command.type === 'set_threshold' && events.length > 0) await rejudge(services, unit)
  })
}

async function loadSettings({ transaction, organizationId }: Unit): Promise<SettingsState> {
  const [profile] = await transaction
    .select({ version: organizationProfile.catalogueVersion })
    .from(organizationProfile)
    .where(isOpen(organizationProfile, organizationId))
  if (!profile) throw notFound('organization')
  const thresholds = await transaction
    .select({ id: threshold.thresholdId, value: threshold.value })
    .from(threshold)
    .where(isOpen(threshold, organizationId))
  const scope = await transaction.select().from(outOfScope).where(isOpen(outOfScope, organizationId))
  return {
    catalogueVersion: profile.version,
    thresholds: new Map(thresholds.map(({ id, value }) => [id, value])),
    outOfScope: scopeOf(scope),
  }
}

function reasonOf(text: string): string {
  const fields = new DecisionFields()
  const reason = fields.reason(text)
  fields.check()
  return reason
}
