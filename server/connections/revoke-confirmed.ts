import { and, eq } from 'drizzle-orm'
import { connection } from '../../db/schema/state.ts'
import { AppError, notFound } from '../errors.ts'
import { isOpen } from '../projections/range.ts'
import type { Services } from '../services.ts'
import { revokeConnection } from './manage-connection.ts'

/** What a person types to revoke: the beginning of the directory's id, so that the right connection is meant. */
export const revokeWord = (externalTenantId: string): string => externalTenantId.slice(0, 8)

/**
 * Revokes a connection when what was typed is its word.
 * @throws {AppError} bad_input on `confirmation`, not_found, precondition_failed where it was revoked before
 */
export async function revokeConfirmed(
  services: Services,
  target: { organizationId: string; connectionId: string; userId: string },
  confirmation: string,
): Promise<void> {
  const { organizationId, connectionId } = target
  const [row] = await services.database.withOrganization(organizationId, transaction =>
    transaction
      .select({ externalTenantId: connection.externalTenantId })
      .from(connection)
      .where(and(isOpen(connection, organizationId), eq(connection.id, connectionId))),
  )
  if (!row) throw notFound('connection')
  const word = revokeWord(row.externalTenantId)
  if (confirmation.trim().toLowerCase() !== word) {
    throw new AppError('bad_input', 'revocation not confirmed', {
      userMessage: 'Nothing was revoked: what was typed is not the word that is asked for.',
      fields: { confirmation: `Type ${word}, the beginning of the directory’s id.` },
    })
  }
  await revokeConnection(services, target)
}
