import { AppError } from '../errors.ts'
import { commandOrganization } from '../members/command-organization.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'

type Actor = Pick<Access, 'organizationId' | 'userId'>

/**
 * Asks for the organization to be deleted, some weeks from now: until then everything goes on and it can be taken back.
 * @throws {AppError} bad_input on `confirmation`; precondition_failed where it was asked for before
 */
export async function requestDeletion(
  { ledger }: Pick<Services, 'ledger'>,
  { organizationId, userId, slug }: Actor & Pick<Access, 'slug'>,
  confirmation: string,
): Promise<void> {
  if (confirmation.trim().toLowerCase() !== slug) {
    throw new AppError('bad_input', 'deletion not confirmed', {
      userMessage: 'Nothing was asked for: what was typed is not the organization’s address.',
      fields: { confirmation: `Type ${slug}.` },
    })
  }
  await ledger.command(organizationId, `user:${userId}`, unit =>
    commandOrganization(unit, { type: 'request_deletion', now: unit.now }),
  )
}

/** Takes a deletion back that has not begun. @throws {AppError} precondition_failed once it has */
export async function cancelDeletion(
  { ledger }: Pick<Services, 'ledger'>,
  { organizationId, userId }: Actor,
): Promise<void> {
  await ledger.command(organizationId, `user:${userId}`, unit =>
    commandOrganization(unit, { type: 'cancel_deletion', now: unit.now }),
  )
}
