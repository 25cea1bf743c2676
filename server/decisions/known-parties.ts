import { and, desc, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { connection, member, membership } from '../../db/schema/state.ts'
import { notFound } from '../errors.ts'
import { isOpen } from '../projections/range.ts'

interface Asked {
  transaction: Transaction
  organizationId: string
}

/** @throws {AppError} not_found for who is no member of the organization now */
export async function requireMember({ transaction, organizationId }: Asked, userId: string): Promise<void> {
  const [row] = await transaction
    .select({ userId: member.userId })
    .from(member)
    .where(and(isOpen(member, organizationId), eq(member.userId, userId)))
  if (!row) throw notFound('member')
}

/**
 * The directory that lists an account now; `isGoneToo`: or that listed it last.
 * @throws {AppError} not_found, for another organization's account as well
 */
export async function sourceOfAccount(
  { transaction, organizationId }: Asked,
  subjectKey: string,
  { isGoneToo = false }: { isGoneToo?: boolean } = {},
): Promise<string> {
  const [row] = await transaction
    .select({ sourceId: membership.sourceId })
    .from(membership)
    .where(
      and(
        isGoneToo ? eq(membership.organizationId, organizationId) : isOpen(membership, organizationId),
        eq(membership.kind, 'user_inventory'),
        eq(membership.subjectKey, subjectKey),
      ),
    )
    .orderBy(desc(membership.fromPosition))
    .limit(1)
  if (!row) throw notFound('account')
  return row.sourceId
}

/** @throws {AppError} not_found for a directory that was never connected to the organization */
export async function requireSource({ transaction, organizationId }: Asked, sourceId: string): Promise<void> {
  const [row] = await transaction
    .select({ id: connection.id })
    .from(connection)
    .where(and(isOpen(connection, organizationId), eq(connection.sourceId, sourceId)))
    .limit(1)
  if (!row) throw notFound('directory')
}
