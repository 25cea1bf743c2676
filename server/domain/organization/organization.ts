import type { z } from 'zod'
import { DomainRefusal } from '../refusal.ts'
import { retentionYears, yearsInWords } from '../retention/window.ts'
import type {
  catalogueAdopted,
  organizationCreated,
  organizationDeleted,
  organizationDeletionRequested,
  retentionChanged,
} from './events.ts'

export type OrganizationEvent =
  | { type: 'OrganizationCreated'; payload: z.infer<typeof organizationCreated> }
  | { type: 'CatalogueAdopted'; payload: z.infer<typeof catalogueAdopted> }
  | { type: 'RetentionChanged'; payload: z.infer<typeof retentionChanged> }
  | { type: 'SecondFactorRequired'; payload: Record<string, never> }
  | { type: 'SecondFactorMadeOptional'; payload: Record<string, never> }
  | { type: 'OrganizationDeletionRequested'; payload: z.infer<typeof organizationDeletionRequested> }
  | { type: 'OrganizationDeletionCancelled'; payload: Record<string, never> }
  | { type: 'OrganizationDeleted'; payload: z.infer<typeof organizationDeleted> }

export type OrganizationCommand =
  | ({ type: 'create' } & z.infer<typeof organizationCreated>)
  | { type: 'adopt_catalogue'; version: number }
  | { type: 'change_retention'; years: number; reason: string | null }
  | { type: 'require_second_factor'; isRequired: boolean }
  | { type: 'request_deletion'; now: Date }
  | { type: 'cancel_deletion'; now: Date }
  | ({ type: 'complete_deletion'; now: Date } & z.infer<typeof organizationDeleted>)

export interface OrganizationState {
  /** Null before the organization was created. */
  catalogueVersion: number | null
  retentionYears: number
  isSecondFactorRequired: boolean
  /** When it is to be deleted; null where nobody asked for it. */
  deletesAt: Date | null
  isDeleted: boolean
}

export const initialOrganization: OrganizationState = {
  catalogueVersion: null,
  retentionYears: retentionYears.initial,
  isSecondFactorRequired: false,
  deletesAt: null,
  isDeleted: false,
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
  switch (command.type) {
    case 'adopt_catalogue':
      return adoptCatalogue(command.version, state.catalogueVersion)
    case 'change_retention':
      return changeRetention(command, state)
    case 'require_second_factor':
      return requireSecondFactor(command.isRequired, state)
    case 'request_deletion':
      return requestDeletion(command.now, state)
    case 'cancel_deletion':
      if (state.deletesAt !== null && state.deletesAt <= command.now) {
        throw new DomainRefusal('deletion_begun', 'The deletion has begun: it cannot be taken back any more.')
      }
      return state.deletesAt === null ? [] : [{ type: 'OrganizationDeletionCancelled', payload: {} }]
    case 'complete_deletion':
      return completeDeletion(command, state)
  }
}

/** Days between asking for a deletion and the deletion: long enough to notice and take it back. */
export const deletionGraceDays = 30

function requestDeletion(now: Date, state: OrganizationState): OrganizationEvent[] {
  if (state.deletesAt !== null) {
    throw new DomainRefusal('deletion_requested', 'The deletion of this organization was asked for already.')
  }
  const deletesAt = new Date(now.getTime() + deletionGraceDays * 86_400_000).toISOString()
  return [{ type: 'OrganizationDeletionRequested', payload: { deletesAt } }]
}

function completeDeletion(
  { now, kept }: Extract<OrganizationCommand, { type: 'complete_deletion' }>,
  { deletesAt, isDeleted }: OrganizationState,
): OrganizationEvent[] {
  if (isDeleted) return []
  if (deletesAt === null || deletesAt > now) {
    throw new DomainRefusal('deletion_not_due', 'The deletion of this organization is not due.')
  }
  return [{ type: 'OrganizationDeleted', payload: { kept } }]
}

function adoptCatalogue(version: number, current: number): OrganizationEvent[] {
  if (version < current) {
    throw new DomainRefusal('older_catalogue', 'A catalogue is never replaced by an older one.')
  }
  return version === current ? [] : [{ type: 'CatalogueAdopted', payload: { version } }]
}

export function evolveOrganization(state: OrganizationState, event: OrganizationEvent): OrganizationState {
  switch (event.type) {
    case 'OrganizationCreated':
      return { ...state, catalogueVersion: event.payload.catalogueVersion }
    case 'CatalogueAdopted':
      return { ...state, catalogueVersion: event.payload.version }
    case 'RetentionChanged':
      return { ...state, retentionYears: event.payload.years }
    case 'SecondFactorRequired':
      return { ...state, isSecondFactorRequired: true }
    case 'SecondFactorMadeOptional':
      return { ...state, isSecondFactorRequired: false }
    case 'OrganizationDeletionRequested':
      return { ...state, deletesAt: new Date(event.payload.deletesAt) }
    case 'OrganizationDeletionCancelled':
      return { ...state, deletesAt: null }
    case 'OrganizationDeleted':
      return { ...state, isDeleted: true }
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

function requireSecondFactor(isRequired: boolean, state: OrganizationState): OrganizationEvent[] {
  if (isRequired === state.isSecondFactorRequired) return []
  return [{ type: isRequired ? 'SecondFactorRequired' : 'SecondFactorMadeOptional', payload: {} }]
}
