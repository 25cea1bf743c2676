import { inArray } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'

/** What stands for the name of a person whose account is gone. */
export const deletedAccount = 'Deleted account'

/** Name and address of people as they are today, by account id. They stand outside the tenant and outside the ledger. */
export async function peopleById(
  database: Database,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, { name: string; email: string }>> {
  if (userIds.length === 0) return new Map()
  const rows = await database.outsideTenant
    .select({ id: users.id, name: users.name, email: users.email })
    .from(users)
    .where(inArray(users.id, [...new Set(userIds)]))
  return new Map(rows.map(({ id, name, email }) => [id, { name, email }]))
}

/** Their names alone. */
export async function namesOfPeople(
  database: Database,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const people = await peopleById(database, userIds)
  return new Map([...people].map(([id, { name }]) => [id, name]))
}

/** The account id of an event's actor; null for the system. */
export const personOf = (actor: string): string | null => /^user:(.+)$/.exec(actor)?.[1] ?? null
