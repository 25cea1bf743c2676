import { hash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { eq, lt, sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { rateLimits } from '../../db/schema/accounts.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ledger/ids.ts'

/** So many attempts in a window that begins with the first. */
export interface AttemptLimit {
  /** What is attempted, and by whom: see {@link byAccount} and {@link byAddress}. */
  key: string
  max: number
  windowMinutes: number
  /** What a person can do at once instead of waiting. */
  instead?: string
}

/**
 * Counts one attempt under each limit, in the database, so that all processes count together. The attempt counts before
 * its outcome is known: many at once cannot slip through.
 * @throws {AppError} too_many_requests, with the minutes to wait
 */
export async function limitAttempts(database: Database, limits: readonly AttemptLimit[]): Promise<void> {
  const now = Date.now()
  for (const limit of limits) {
    const { count, since } = await countAttempt(database, limit, now)
    if (count === 1) await forgetOldWindows(database, now)
    if (count > limit.max) throw tooMany(limit, since + limit.windowMinutes * 60_000 - now)
  }
}

/** Begins a key's count anew, after an attempt that succeeded. */
export async function forgetAttempts(database: Database, key: string): Promise<void> {
  await database.outsideTenant.delete(rateLimits).where(eq(rateLimits.key, key))
}

/** Attempts on one account, whoever makes them. Addresses are kept as hashes. */
export const byAccount = (action: string, email: string): string =>
  `${action}:account:${hash('sha256', email.trim().toLowerCase(), 'hex')}`

/** Attempts from one network address; an IPv6 client owns its /64. */
export const byAddress = (action: string, address: string): string =>
  `${action}:address:${networkOf(address)}`

async function countAttempt(database: Database, { key, windowMinutes }: AttemptLimit, now: number) {
  const isOver = sql`${rateLimits.lastRequest} <= ${now - windowMinutes * 60_000}`
  const [row] = await database.outsideTenant
    .insert(rateLimits)
    .values({ id: newId(), key, count: 1, lastRequest: now })
    .onConflictDoUpdate({
      target: rateLimits.key,
      set: {
        count: sql`case when ${isOver} then 1 else ${rateLimits.count} + 1 end`,
        lastRequest: sql`case when ${isOver} then ${now} else ${rateLimits.lastRequest} end`,
      },
    })
    .returning({ count: rateLimits.count, since: rateLimits.lastRequest })
  if (!row) throw new AppError('internal', 'counting an attempt answered nothing')
  return row
}

/** No window is longer than a day. */
async function forgetOldWindows(database: Database, now: number) {
  await database.outsideTenant.delete(rateLimits).where(lt(rateLimits.lastRequest, now - 24 * 60 * 60_000))
}

function tooMany({ key, instead }: AttemptLimit, milliseconds: number) {
  const minutes = Math.max(1, Math.ceil(milliseconds / 60_000))
  const action = key.split(':')[0] ?? key
  return new AppError('too_many_requests', `limit of ${action} reached`, {
    userMessage: `There were too many attempts. Wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`} and try again.${instead ? ` ${instead}` : ''}`,
    details: { retryAfterMinutes: minutes },
  })
}

function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return mapped
  const [head = '', tail = ''] = address.toLowerCase().split('%')[0]?.split('::') ?? []
  const groups = head.split(':').filter(Boolean)
  const after = tail.split(':').filter(Boolean)
  const zeros = address.includes('::')
    ? Array.from({ length: 8 - groups.length - after.length }, () => '0')
    : []
  return `${[...groups, ...zeros, ...after]
    .slice(0, 4)
    .map(group => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}
