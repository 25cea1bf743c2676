import { eq } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import { credentials, sessions, users } from '../../db/schema/accounts.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ledger/ids.ts'

export interface NewUser {
  name: string
  email: string
  password: string
}

/**
 * Makes an account whose mailbox is known to be its owner's. An account that was registered with the address and never
 * confirmed is taken over: its password and sessions may be somebody else's, and are gone.
 * @throws {AppError} conflict when a confirmed account has the address
 */
export async function storeVerifiedUser(
  database: Database,
  user: { name: string; email: string; passwordHash: string },
  now: Date,
): Promise<{ id: string }> {
  const email = user.email.toLowerCase()
  return database.outsideTenant.transaction(async transaction => {
    const id = (await takeOver(transaction, email)) ?? newId()
    await transaction
      .insert(users)
      .values({ id, name: user.name, email, emailVerified: true, createdAt: now, updatedAt: now })
      .onConflictDoUpdate({ target: users.id, set: { name: user.name, emailVerified: true, updatedAt: now } })
    await transaction.insert(credentials).values({
      id: newId(),
      userId: id,
      accountId: id,
      providerId: 'credential',
      password: user.passwordHash,
      createdAt: now,
      updatedAt: now,
    })
    return { id }
  })
}

async function takeOver(transaction: Transaction, email: string): Promise<string | null> {
  const [known] = await transaction
    .select({ id: users.id, emailVerified: users.emailVerified })
    .from(users)
    .where(eq(users.email, email))
    .for('update')
  if (!known) return null
  if (known.emailVerified) {
    throw new AppError('conflict', 'the address has an account', {
      userMessage: 'There is an account for this e-mail address already. Sign in with it.',
    })
  }
  await transaction.delete(sessions).where(eq(sessions.userId, known.id))
  await transaction.delete(credentials).where(eq(credentials.userId, known.id))
  return known.id
}
