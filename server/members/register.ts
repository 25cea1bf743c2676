import { byAddress, limitAttempts } from '../auth/attempts.ts'
import { AppError } from '../errors.ts'
import type { Services } from '../services.ts'
import { registerOrganization } from './register-organization.ts'

export interface Registration {
  name: string
  email: string
  password: string
  organizationName: string
  headers: Headers
  ip: string
}

/**
 * Makes an account that waits for its address to be confirmed, and its organization. Where the address has an account
 * nothing is made and nothing is told: its owner gets a mail. After a crash between the two, the person signs in and
 * creates the organization there.
 * @throws {AppError} forbidden where new organizations come by invitation only
 */
export async function register(services: Services, registration: Registration): Promise<void> {
  requireOpenRegistration(services)
  const { organizationName, ...person } = registration
  const { userId } = await services.auth.signUp(person)
  if (userId) await registerOrganization(services, { userId, name: organizationName })
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
