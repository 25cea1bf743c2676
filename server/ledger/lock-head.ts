import { eq } from 'drizzle-orm'
import { head } from '../../db/schema/ledger.ts'
import type { Unit } from './ledger.ts'

/**
 * Lets one command run at a time in an organization, from here to its commit. For rules over several streams, which no
 * expected version protects: how many owners there are, which directories are connected.
 *
 * Locks are taken in one order everywhere, or two commands could wait for each other: a connection's schedule, its
 * credentials, the head (an append takes it, too), rows of invitations.
 */
export async function lockHead({
  transaction,
  organizationId,
}: Pick<Unit, 'transaction' | 'organizationId'>): Promise<void> {
  await transaction
    .select({ organizationId: head.organizationId })
    .from(head)
    .where(eq(head.organizationId, organizationId))
    .for('update')
}
