import type { Transaction } from '../../db/client.ts'
import { organizationProfile } from '../../db/schema/state.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import { isOpen } from './range.ts'

/** An organization's name, slug and catalogue version over time. */
export async function projectOrganization(transaction: Transaction, event: RecordedEvent): Promise<void> {
  const { organizationId, position } = event
  if (event.type === 'OrganizationCreated') {
    const { name, slug, simulated, catalogueVersion } = event.payload
    await transaction
      .insert(organizationProfile)
      .values({ organizationId, fromPosition: position, name, slug, simulated, catalogueVersion })
  } else if (event.type === 'CatalogueAdopted') {
    const [closed] = await transaction
      .update(organizationProfile)
      .set({ toPosition: position })
      .where(isOpen(organizationProfile, organizationId))
      .returning()
    if (!closed) return
    const { toPosition: _, ...profile } = closed
    await transaction
      .insert(organizationProfile)
      .values({ ...profile, fromPosition: position, catalogueVersion: event.payload.version })
  }
}
