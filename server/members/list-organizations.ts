import type { Role } from '../domain/member/roles.ts'
import { nullIfNotFound } from '../errors.ts'
import { membershipsOf } from './memberships.ts'
import { type AccessReading, accessTo } from './resolve-access.ts'

export interface ListedOrganization {
  slug: string
  name: string
  simulated: boolean
  role: Role
}

/** The organizations that a person can open now, by name; all but one where it is given. */
export async function listOrganizations(
  reading: AccessReading,
  userId: string,
  besides?: string,
): Promise<ListedOrganization[]> {
  const memberships = await reading.database.withPerson(userId, transaction =>
    membershipsOf(transaction, userId),
  )
  const rows = memberships.filter(({ slug }) => slug !== besides)
  // A row may outlive its membership, and an auditor's access ends.
  const accesses = await Promise.all(
    rows.map(row => accessTo(reading, { userId, ...row }).catch(nullIfNotFound)),
  )
  return accesses
    .filter(access => access !== null)
    .map(({ slug, name, simulated, role }) => ({ slug, name, simulated, role }))
    .sort((one, other) => one.name.localeCompare(other.name, 'en'))
}
