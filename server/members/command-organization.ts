import {
  decideOrganization,
  evolveOrganization,
  initialOrganization,
  type OrganizationCommand,
  type OrganizationEvent,
  type OrganizationState,
} from '../domain/organization/organization.ts'
import type { Unit } from '../ledger/ledger.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'

/** The organization as its stream tells it. */
export async function organizationState(unit: Pick<Unit, 'load' | 'organizationId'>) {
  const events = await unit.load(unit.organizationId)
  const state = events.flatMap(organizationEvent).reduce(evolveOrganization, initialOrganization)
  return { state, version: events.length }
}

/**
 * Loads the organization's stream, decides and appends.
 * @returns what it was before
 * @throws {DomainRefusal}
 */
export async function commandOrganization(
  unit: Unit,
  command: OrganizationCommand,
): Promise<OrganizationState> {
  const { state, version } = await organizationState(unit)
  const stream = { type: 'organization', id: unit.organizationId } as const
  await unit.append(stream, version, decideOrganization(command, state))
  return state
}

/** The log's key stands in this stream too, and decides nothing. */
function organizationEvent(event: RecordedEvent): OrganizationEvent[] {
  switch (event.type) {
    case 'OrganizationCreated':
    case 'CatalogueAdopted':
    case 'RetentionChanged':
    case 'SecondFactorRequired':
    case 'SecondFactorMadeOptional':
    case 'OrganizationDeletionRequested':
    case 'OrganizationDeletionCancelled':
    case 'OrganizationDeleted':
      return [event]
    default:
      return []
  }
}
