import { eq } from 'drizzle-orm'
import { organizationSlug } from '../../db/schema/accounts.ts'
import { byAddress, limitAttempts } from '../auth/attempts.ts'
import { AppError } from '../errors.ts'
import type { Services } from '../services.ts'
import { registerOrganization } from './register-organization.ts'

export interface Registration {
  name: string
  email: string
  password: string
  organizationName: string
  ip: string
}

/**
 * Mails a link that makes the account and its organization, or tells the owner of an account that has the address. The
 * answer and the work before it are the same.
 * @throws {AppError} forbidden where new organizations come by invitation only
 */
export async function register(services: Services, registration: Registration): Promise<void> {
  requireOpenRegistration(services)
  await services.auth.register(registration)
}

/**
 * Makes the account by the mailed link, and opens its organization. After a crash between the two the link does what is
 * left to do.
 * @throws {AppError} precondition_failed for a link that is none or has expired, conflict where the address has an
 * account since, forbidden where new organizations come by invitation only by now
 */
export async function confirmRegistration(
  services: Services,
  link: { token: string; ip: string },
): Promise<void> {
  requireOpenRegistration(services)
  const { id, userId, organizationName, isOpened } = await services.auth.confirmRegistration(link)
  if (isOpened) return
  const opening = registerOrganization(services, { organizationId: id, userId, name: organizationName })
  await opening.catch(async (error: unknown) => {
    // Opened before a crash, or by a second click on the link.
    if (!(await hasOrganization(services, id))) throw error
  })
  await services.auth.noteOpened(id)
}

/** A further organization of a person who has an account. @throws {AppError} forbidden, as for {@link register} */
export async function createOrganization(
  services: Services,
  input: { userId: string; name: string; ip: string },
): Promise<{ slug: string }> {
  requireOpenRegistration(services)
  await limitAttempts(services.database, [
    { key: byAddress('create-organization', input.ip), max: 20, windowMinutes: 24 * 60 },
  ])
  const { slug } = await registerOrganization(services, { userId: input.userId, name: input.name })
  return { slug }
}

function requireOpenRegistration({ registration }: Services) {
  if (registration === 'open') return
  throw new AppError('forbidden', 'registration by invitation only', {
    userMessage:
      'New organizations are made by invitation here. Ask an owner or admin of yours to invite you.',
  })
}

async function hasOrganization({ database }: Services, organizationId: string): Promise<boolean> {
  const found = await database.outsideTenant
    .select({ slug: organizationSlug.slug })
    .from(organizationSlug)
    .where(eq(organizationSlug.organizationId, organizationId))
  return found.length > 0
}
