import { eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { credentials, sessions, users } from '../../db/schema/accounts.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ledger/ids.ts'

export interface NewUser {
  name: string
  email: string
  password: string
}

/**
 * Makes an account whose mailbox is known to be its owner's. One that has the address and was never confirmed, as former
 * versions made them, is taken over: its password and sessions may be somebody else's, and are gone.
 * @throws {AppError} conflict when a confirmed account has the address
 */
export async function storeVerifiedUser(
  transaction: Transaction,
  user: { name: string; email: string; passwordHash: string },
  now: Date,
): Promise<{ id: string }> {
  const { name, passwordHash } = user
  const email = user.email.toLowerCase()
  const [stored] = await transaction
    .insert(users)
    .values({ id: newId(), name, email, emailVerified: true, createdAt: now, updatedAt: now })
    .onConflictDoUpdate({
      target: users.email,
      set: { name, emailVerified: true, updatedAt: now },
      setWhere: eq(users.emailVerified, false),
    })
    .returning({ id: users.id })
  if (!stored) {
    throw new AppError('conflict', 'the address has an account', {
      userMessage: 'There is an account for this e-mail address already. Sign in with it.',
    })
  }
  const { id } = stored
  await transaction.delete(sessions).where(eq(sessions.userId, id))
  await transaction.delete(credentials).where(eq(credentials.userId, id))
  await transaction.insert(credentials).values({
    id: newId(),
    userId: id,
    accountId: id,
    providerId: 'credential',
    password: passwordHash,
    createdAt: now,
    updatedAt: now,
  })
  return { id }
}
