import { and, eq } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { userMembership } from '../../db/schema/accounts.ts'

/*
 * Where a person may look for a role. The row stands under the person's setting, the membership under the
 * organization's: they are read together in a shared snapshot, and written in a transaction each. The order makes a crash
 * in between harmless: a row without a membership leads to no role, so it is written before joining and removed after
 * leaving.
 */

/** Call it before the transaction that makes the membership. */
export async function rememberMembership(
  database: Database,
  userId: string,
  organizationId: string,
): Promise<void> {
  await database.withPerson(userId, transaction =>
    transaction.insert(userMembership).values({ userId, organizationId }).onConflictDoNothing(),
  )
}

/** Call it after the transaction that ended the membership. */
export async function forgetMembership(
  database: Database,
  userId: string,
  organizationId: string,
): Promise<void> {
  await database.withPerson(userId, transaction =>
    transaction
      .delete(userMembership)
      .where(and(eq(userMembership.userId, userId), eq(userMembership.organizationId, organizationId))),
  )
}
