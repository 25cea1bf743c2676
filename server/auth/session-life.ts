import { and, desc, eq, gt, sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { sessions, users } from '../../db/schema/accounts.ts'
import { notFound } from '../errors.ts'

/** A session ends seven days after signing in, and after twelve hours in which nothing was asked. */
export const absoluteSeconds = 7 * 24 * 60 * 60
const idleMilliseconds = 12 * 60 * 60_000
/** Use is noted this often at most, so that reading pages does not write on each request. */
const noteEveryMilliseconds = 5 * 60_000

/** One of a person's sessions, as the account page lists it. */
export interface OwnSession {
  id: string
  createdAt: Date
  lastUsedAt: Date
  address: string | null
  userAgent: string | null
}

/** Who signed in, and with which session. */
export interface SignedIn {
  user: { id: string; name: string; email: string }
  /** Strong: it began with a second factor. */
  session: { id: string; createdAt: Date; expiresAt: Date; isStrong: boolean }
}

/**
 * Looks up whose session a token is, while it holds, and notes that it is in use. One that is over is removed. The
 * statement is put together once: every request asks it.
 */
export function sessionLookUp(database: Database): (token: string, now: Date) => Promise<SignedIn | null> {
  const byToken = database.outsideTenant
    .select({
      id: sessions.id,
      createdAt: sessions.createdAt,
      updatedAt: sessions.updatedAt,
      expiresAt: sessions.expiresAt,
      isStrong: sessions.isStrong,
      userId: users.id,
      name: users.name,
      email: users.email,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(eq(sessions.token, sql.placeholder('token')))
    .prepare('session by token')
  return async (token, now) => {
    const [found] = await byToken.execute({ token })
    if (!found || !(await keepSession(database, found, now))) return null
    const { id, createdAt, expiresAt, isStrong, userId, name, email } = found
    return { user: { id: userId, name, email }, session: { id, createdAt, expiresAt, isStrong } }
  }
}

/** Notes that a session is in use. Answers false, and removes it, when its end has come or it lay idle for too long. */
async function keepSession(
  database: Database,
  session: { id: string; updatedAt: Date; expiresAt: Date },
  now: Date,
): Promise<boolean> {
  const idleFor = now.getTime() - session.updatedAt.getTime()
  if (idleFor > idleMilliseconds || session.expiresAt <= now) {
    await database.outsideTenant.delete(sessions).where(eq(sessions.id, session.id))
    return false
  }
  if (idleFor > noteEveryMilliseconds) {
    await database.outsideTenant.update(sessions).set({ updatedAt: now }).where(eq(sessions.id, session.id))
  }
  return true
}

/** A person's sessions that still hold, the last used first. */
export async function ownSessions(database: Database, userId: string, now: Date): Promise<OwnSession[]> {
  const rows = await database.outsideTenant
    .select({
      id: sessions.id,
      createdAt: sessions.createdAt,
      lastUsedAt: sessions.updatedAt,
      address: sessions.ipAddress,
      userAgent: sessions.userAgent,
    })
    .from(sessions)
    .where(
      and(
        eq(sessions.userId, userId),
        gt(sessions.expiresAt, now),
        gt(sessions.updatedAt, new Date(now.getTime() - idleMilliseconds)),
      ),
    )
    .orderBy(desc(sessions.updatedAt))
  return rows.map(row => ({ ...row, address: row.address || null, userAgent: row.userAgent || null }))
}

/** Ends one of a person's own sessions. @throws {AppError} not_found, for another person's session as well */
export async function endSession(database: Database, userId: string, sessionId: string): Promise<void> {
  const ended = await database.outsideTenant
    .delete(sessions)
    .where(and(eq(sessions.id, sessionId), eq(sessions.userId, userId)))
    .returning({ id: sessions.id })
  if (ended.length === 0) throw notFound('session')
}

/** Notes that a session began with a second factor. */
export async function markStrong(database: Database, token: string): Promise<void> {
  await database.outsideTenant.update(sessions).set({ isStrong: true }).where(eq(sessions.token, token))
}
