import { AppError } from '../errors.ts'
import type { Services } from '../services.ts'
import { commandOrganization } from './command-organization.ts'
import type { Access } from './resolve-access.ts'

/**
 * Decides whether owners and admins get in with a second factor only. It counts from their next request on.
 * @throws {AppError} precondition_failed where who decides came without one: it would lock them out
 */
export async function requireSecondFactor(
  { ledger }: Pick<Services, 'ledger'>,
  { organizationId, userId }: Pick<Access, 'organizationId' | 'userId'>,
  { isRequired, hasOwn }: { isRequired: boolean; hasOwn: boolean },
): Promise<void> {
  if (isRequired && !hasOwn) {
    throw new AppError('precondition_failed', 'requiring a second factor without having one', {
      userMessage:
        'You came in with your password alone, so this would lock you out. Set up a second factor in your account, or sign in with it; then require it here.',
    })
  }
  await ledger.command(organizationId, `user:${userId}`, unit =>
    commandOrganization(unit, { type: 'require_second_factor', isRequired }),
  )
}
