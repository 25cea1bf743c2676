import { inArray } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'

/** What a person's account is called today, by account id. Names stand outside the tenant and outside the ledger. */
export async function namesOfPeople(
  database: Database,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (userIds.length === 0) return new Map()
  const rows = await database.outsideTenant
    .select({ id: users.id, name: users.name })
    .from(users)
    .where(inArray(users.id, [...new Set(userIds)]))
  return new Map(rows.map(row => [row.id, row.name]))
}

/** The account id of an event's actor; null for the system. */
export const personOf = (actor: string): string | null => /^user:(.+)$/.exec(actor)?.[1] ?? null
