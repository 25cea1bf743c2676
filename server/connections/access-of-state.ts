import { eq } from 'drizzle-orm'
import { organizationSlug } from '../../db/schema/accounts.ts'
import { isAllowed } from '../domain/member/roles.ts'
import { AppError, nullIfNotFound } from '../errors.ts'
import { type Access, resolveAccess } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import { organizationOfState } from './complete-authorization.ts'

/**
 * Where a callback's state belongs, and what the person may do there. Null for a state that is none of ours, and for
 * one of an organization that the person is no member of: the two are not told apart.
 * @throws {AppError} forbidden, for a member who may not manage connections
 */
export async function accessOfState(
  services: Pick<Services, 'database' | 'clock'>,
  asked: { userId: string; state: string | null },
): Promise<Access | null> {
  const organizationId = organizationOfState(asked.state)
  if (!organizationId) return null
  const [row] = await services.database.outsideTenant
    .select({ slug: organizationSlug.slug })
    .from(organizationSlug)
    .where(eq(organizationSlug.organizationId, organizationId))
  if (!row) return null
  const access = await resolveAccess(services, { userId: asked.userId, slug: row.slug }).catch(nullIfNotFound)
  if (access && !isAllowed(access.role, 'connections:manage')) {
    throw new AppError('forbidden', `${access.role} lacks connections:manage`)
  }
  return access
}
