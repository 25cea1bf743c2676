import type { z } from 'zod'
import { DomainRefusal } from '../refusal.ts'
import type { catalogueAdopted, organizationCreated } from './events.ts'

export type OrganizationEvent =
  | { type: 'OrganizationCreated'; payload: z.infer<typeof organizationCreated> }
  | { type: 'CatalogueAdopted'; payload: z.infer<typeof catalogueAdopted> }

export type OrganizationCommand =
  | ({ type: 'create' } & z.infer<typeof organizationCreated>)
  | { type: 'adopt_catalogue'; version: number }

export interface OrganizationState {
  /** Null before the organization was created. */
  catalogueVersion: number | null
}

export const initialOrganization: OrganizationState = { catalogueVersion: null }

/** Which events a command leads to. No event means that nothing changed. @throws {DomainRefusal} */
export function decideOrganization(
  command: OrganizationCommand,
  state: OrganizationState,
): OrganizationEvent[] {
  if (command.type === 'create') {
    if (state.catalogueVersion !== null)
      throw new DomainRefusal('created', 'This organization exists already.')
    const { type: _, ...payload } = command
    return [
      { type: 'OrganizationCreated', payload },
      { type: 'CatalogueAdopted', payload: { version: payload.catalogueVersion } },
    ]
  }
  const { version } = command
  if (state.catalogueVersion === null) throw new DomainRefusal('unknown', 'There is no such organization.')
  if (version < state.catalogueVersion) {
    throw new DomainRefusal('older_catalogue', 'A catalogue is never replaced by an older one.')
  }
  return version === state.catalogueVersion ? [] : [{ type: 'CatalogueAdopted', payload: { version } }]
}

export function evolveOrganization(state: OrganizationState, event: OrganizationEvent): OrganizationState {
  switch (event.type) {
    case 'OrganizationCreated':
      return { ...state, catalogueVersion: event.payload.catalogueVersion }
    case 'CatalogueAdopted':
      return { ...state, catalogueVersion: event.payload.version }
  }
}
