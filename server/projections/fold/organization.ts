import { retentionYears } from '../../domain/retention/window.ts'
import type { RecordedEvent } from '../../ledger/recorded-event.ts'
import { amended, type Reducer, succeeded } from './reducer.ts'
import type { OrganizationProfileRow } from './rows.ts'

/** An organization's name, slug, catalogue version, retention, key, demand of second factors and end over time. */
export const organizationReducer: Reducer<OrganizationProfileRow> = {
  change(event) {
    const { position } = event
    if (event.type === 'OrganizationCreated') {
      const { name, slug, simulated, catalogueVersion } = event.payload
      const row: OrganizationProfileRow = {
        fromPosition: position,
        toPosition: null,
        name,
        slug,
        simulated,
        catalogueVersion,
        retentionYears: retentionYears.initial,
        isSecondFactorRequired: false,
        deletesAt: null,
        deletedAt: null,
        kmsKeyId: null,
      }
      return { subject: [], rows: newest => succeeded(newest, position, () => row) }
    }
    if (event.type === 'CatalogueAdopted') {
      const { version } = event.payload
      return {
        subject: [],
        rows: newest => amended(newest, position, () => ({ catalogueVersion: version })),
      }
    }
    if (event.type === 'RetentionChanged') {
      const { years } = event.payload
      return { subject: [], rows: newest => amended(newest, position, () => ({ retentionYears: years })) }
    }
    if (event.type === 'KmsKeyChosen') {
      const { kmsKeyId } = event.payload
      return { subject: [], rows: newest => amended(newest, position, () => ({ kmsKeyId })) }
    }
    if (event.type === 'SecondFactorRequired' || event.type === 'SecondFactorMadeOptional') {
      const isSecondFactorRequired = event.type === 'SecondFactorRequired'
      return { subject: [], rows: newest => amended(newest, position, () => ({ isSecondFactorRequired })) }
    }
    const deletion = deletionIn(event)
    return deletion && { subject: [], rows: newest => amended(newest, position, () => deletion) }
  },
  subject: [],
  begin: 'fromPosition',
}

function deletionIn(event: RecordedEvent): Partial<OrganizationProfileRow> | null {
  switch (event.type) {
    case 'OrganizationDeletionRequested':
      return { deletesAt: new Date(event.payload.deletesAt) }
    case 'OrganizationDeletionCancelled':
      return { deletesAt: null }
    case 'OrganizationDeleted':
      return { deletedAt: event.recordedAt }
    default:
      return null
  }
}
