import { eq } from 'drizzle-orm'
import { organizationSlug, userMembership } from '../../db/schema/accounts.ts'
import type { Role } from '../domain/member/roles.ts'
import { nullIfNotFound } from '../errors.ts'
import type { Services } from '../services.ts'
import { resolveAccess } from './resolve-access.ts'

export interface ListedOrganization {
  slug: string
  name: string
  simulated: boolean
  role: Role
}

/** The organizations that a person can open now, by name. */
export async function listOrganizations(
  services: Pick<Services, 'database' | 'clock'>,
  userId: string,
): Promise<ListedOrganization[]> {
  const rows = await services.database.withPerson(userId, transaction =>
    transaction
      .select({ slug: organizationSlug.slug })
      .from(userMembership)
      .innerJoin(organizationSlug, eq(organizationSlug.organizationId, userMembership.organizationId))
      .where(eq(userMembership.userId, userId)),
  )
  // A row may outlive its membership, and an auditor's access ends.
  const accesses = await Promise.all(
    rows.map(({ slug }) => resolveAccess(services, { userId, slug }).catch(nullIfNotFound)),
  )
  return accesses
    .filter(access => access !== null)
    .map(({ slug, name, simulated, role }) => ({ slug, name, simulated, role }))
    .sort((one, other) => one.name.localeCompare(other.name, 'en'))
}
