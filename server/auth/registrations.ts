import { hash, randomBytes } from 'node:crypto'
import { eq, lte } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { registrations, users } from '../../db/schema/accounts.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ledger/ids.ts'
import type { Mailer } from '../mail.ts'
import { accountExistsMail, confirmAddressMail } from './mails.ts'
import { type NewUser, storeVerifiedUser } from './verified-user.ts'

export interface NewRegistration extends NewUser {
  organizationName: string
}

/** A registration whose mailbox was shown. */
export interface ConfirmedRegistration {
  /** Also the id of the organization that it is to open. */
  id: string
  userId: string
  organizationName: string
  /** Whether the organization was opened already. */
  isOpened: boolean
}

/**
 * What was typed to register, until the mailed link shows whose the address is: only then there is an account. Methods
 * throw {@link AppError}.
 */
export interface Registrations {
  /**
   * Keeps it for a day and mails the link, or tells the owner of an account that has the address. The same is read,
   * hashed and written in both cases; what nobody gets the link of leads nowhere.
   */
  ask(registration: NewRegistration): Promise<void>
  /** Makes the account, once: asked again, as after a crash, the answer is the same for as long as the link is good. */
  confirm(token: string): Promise<ConfirmedRegistration>
  /** Notes that the organization was opened. */
  noteOpened(id: string): Promise<void>
}

export function createRegistrations(options: {
  database: Database
  appOrigin: string
  mailer: Mailer
  hashPassword: (password: string) => Promise<string>
  /** For what leaves behind the answer's back. */
  background: (task: Promise<unknown>) => void
}): Registrations {
  const { database, appOrigin, mailer, hashPassword, background } = options
  return {
    async ask({ name, email: typed, password, organizationName }) {
      const email = typed.toLowerCase()
      const passwordHash = await hashPassword(password)
      const [owner] = await database.outsideTenant
        .select({ name: users.name, email: users.email, isConfirmed: users.emailVerified })
        .from(users)
        .where(eq(users.email, email))
      const token = randomBytes(32).toString('base64url')
      const now = new Date()
      await database.outsideTenant.insert(registrations).values({
        id: newId(),
        email,
        name,
        organizationName,
        passwordHash,
        tokenHash: hashOf(token),
        createdAt: now,
        expiresAt: new Date(now.getTime() + lifetime),
      })
      const mail = owner?.isConfirmed
        ? accountExistsMail(owner, appOrigin)
        : confirmAddressMail({ name, email }, `${appOrigin}/verify?token=${token}`)
      background(mailer.send(mail))
    },

    async confirm(token) {
      const now = new Date()
      return database.outsideTenant.transaction(async transaction => {
        const [row] = await transaction
          .select()
          .from(registrations)
          .where(eq(registrations.tokenHash, hashOf(token)))
          .for('update')
        if (!row || row.expiresAt <= now) throw over()
        const { id, name, email, passwordHash, organizationName, openedAt } = row
        const isOpened = openedAt !== null
        if (row.userId !== null) return { id, userId: row.userId, organizationName, isOpened }
        if (passwordHash === null) throw new AppError('internal', 'a registration without a password')
        const { id: userId } = await storeVerifiedUser(transaction, { name, email, passwordHash }, now)
        // The password is the account's from here on.
        await transaction
          .update(registrations)
          .set({ userId, passwordHash: null })
          .where(eq(registrations.id, id))
        return { id, userId, organizationName, isOpened }
      })
    },

    async noteOpened(id) {
      await database.outsideTenant
        .update(registrations)
        .set({ openedAt: new Date() })
        .where(eq(registrations.id, id))
    },
  }
}

/** Drops registrations whose link is good no longer. */
export async function dropOldRegistrations(database: Database, now: Date): Promise<void> {
  await database.outsideTenant.delete(registrations).where(lte(registrations.expiresAt, now))
}

/** As the mail says. */
const lifetime = 24 * 60 * 60_000

const hashOf = (token: string): Buffer => hash('sha256', token, 'buffer')

const over = () =>
  new AppError('precondition_failed', 'no registration waits for this link', {
    userMessage: 'This link has expired, or is not whole. Register again: that sends a new one.',
  })
