import { retentionYears } from '../../domain/retention/window.ts'
import { amended, type Reducer, succeeded } from './reducer.ts'
import type { OrganizationProfileRow } from './rows.ts'

/** An organization's name, slug, catalogue version and retention over time. */
export const organizationReducer: Reducer<OrganizationProfileRow> = {
  change(event) {
    const { position } = event
    if (event.type === 'OrganizationCreated') {
      const { name, slug, simulated, catalogueVersion } = event.payload
      const profile = { name, slug, simulated, catalogueVersion, retentionYears: retentionYears.initial }
      const row = { fromPosition: position, toPosition: null, ...profile }
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
    return null
  },
  subject: [],
  begin: 'fromPosition',
}
