import { amended, type Reducer, succeeded } from './reducer.ts'
import type { OrganizationProfileRow } from './rows.ts'

/** An organization's name, slug and catalogue version over time. */
export const organizationReducer: Reducer<OrganizationProfileRow> = {
  change(event) {
    const { position } = event
    if (event.type === 'OrganizationCreated') {
      const { name, slug, simulated, catalogueVersion } = event.payload
      const row = { fromPosition: position, toPosition: null, name, slug, simulated, catalogueVersion }
      return { subject: [], rows: newest => succeeded(newest, position, () => row) }
    }
    if (event.type === 'CatalogueAdopted') {
      const { version } = event.payload
      return {
        subject: [],
        rows: newest => amended(newest, position, () => ({ catalogueVersion: version })),
      }
    }
    return null
  },
  subject: [],
  begin: 'fromPosition',
}
