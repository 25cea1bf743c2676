import { latestCatalogueVersion } from '../domain/control/catalogue.ts'
import { decideMember, initialMember } from '../domain/member/member.ts'
import { decideOrganization, initialOrganization } from '../domain/organization/organization.ts'
import { memberStream, newId } from '../ledger/ids.ts'
import { logOriginOf } from '../ledger/log-origin.ts'
import type { Services } from '../services.ts'
import { rememberMembership } from './membership-index.ts'
import { takeSlug } from './slug.ts'

export interface NewOrganization {
  /** Where it was promised before: a new one otherwise. */
  organizationId?: string
  /** Who creates it, and is its first owner. */
  userId: string
  /** 1 to 120 characters. */
  name: string
  /** Played on a moved clock: decided here, once. */
  simulated?: boolean
}

/** Opens an organization's ledger with its first events. The slug comes from the name. */
export async function registerOrganization(
  services: Pick<Services, 'database' | 'ledger' | 'appOrigin'>,
  { organizationId = newId(), userId, name, simulated = false }: NewOrganization,
): Promise<{ organizationId: string; slug: string }> {
  await rememberMembership(services.database, userId, organizationId)
  return services.ledger.open(organizationId, simulated, `user:${userId}`, async unit => {
    const slug = await takeSlug(unit.transaction, organizationId, name)
    await unit.append(
      { type: 'organization', id: organizationId },
      0,
      decideOrganization(
        {
          type: 'create',
          name,
          slug,
          simulated,
          catalogueVersion: latestCatalogueVersion,
          logOrigin: logOriginOf(services.appOrigin, organizationId),
        },
        initialOrganization,
      ),
    )
    await unit.append(
      { type: 'member', id: memberStream(organizationId, userId) },
      0,
      decideMember({ type: 'found', userId }, initialMember),
    )
    return { organizationId, slug }
  })
}
