import type { z } from 'zod'
import { DomainRefusal } from '../refusal.ts'
import { retentionYears, yearsInWords } from '../retention/window.ts'
import type { catalogueAdopted, organizationCreated, retentionChanged } from './events.ts'

export type OrganizationEvent =
  | { type: 'OrganizationCreated'; payload: z.infer<typeof organizationCreated> }
  | { type: 'CatalogueAdopted'; payload: z.infer<typeof catalogueAdopted> }
  | { type: 'RetentionChanged'; payload: z.infer<typeof retentionChanged> }

export type OrganizationCommand =
  | ({ type: 'create' } & z.infer<typeof organizationCreated>)
  | { type: 'adopt_catalogue'; version: number }
  | { type: 'change_retention'; years: number; reason: string | null }

export interface OrganizationState {
  /** Null before the organization was created. */
  catalogueVersion: number | null
  retentionYears: number
}

export const initialOrganization: OrganizationState = {
  catalogueVersion: null,
  retentionYears: retentionYears.initial,
}

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
  if (state.catalogueVersion === null) throw new DomainRefusal('unknown', 'There is no such organization.')
  if (command.type === 'change_retention') return changeRetention(command, state)
  const { version } = command
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
    case 'RetentionChanged':
      return { ...state, retentionYears: event.payload.years }
  }
}

function changeRetention(
  { years, reason }: Extract<OrganizationCommand, { type: 'change_retention' }>,
  state: OrganizationState,
): OrganizationEvent[] {
  const { least, most, mostWithoutReason } = retentionYears
  if (!Number.isInteger(years) || years < least || years > most) {
    throw new DomainRefusal(
      'retention_out_of_range',
      `Content is kept for whole years, from ${yearsInWords(least)} to ${yearsInWords(most)}.`,
    )
  }
  if (years > mostWithoutReason && reason === null) {
    throw new DomainRefusal(
      'retention_without_reason',
      `Keeping personal data for more than ${yearsInWords(mostWithoutReason)} needs a reason.`,
    )
  }
  return years === state.retentionYears ? [] : [{ type: 'RetentionChanged', payload: { years, reason } }]
}
