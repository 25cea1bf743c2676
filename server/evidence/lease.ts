import { and, asc, eq, sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import { syncSchedule } from '../../db/schema/state.ts'
import type { ScheduleKey } from '../connections/schedule.ts'
import type { Services } from '../services.ts'

/** Seconds after which a run that says nothing has lost its connection. Real time, also where the Clock is moved. */
export const usualLease = 90

const isOf = ({ organizationId, connectionId }: Omit<ScheduleKey, 'cadence'>) =>
  and(eq(syncSchedule.organizationId, organizationId), eq(syncSchedule.connectionId, connectionId))

/** At most one run holds a connection's kinds of one cadence. */
const isKey = (key: ScheduleKey) => and(isOf(key), eq(syncSchedule.cadence, key.cadence))

const after = (seconds: number) => sql`statement_timestamp() + make_interval(secs => ${seconds})`

/**
 * Whether a run holds the schedule row. No lease is an hour long: one that seems to be was taken before the database's
 * clock was set back, and must not outlive its process by as much.
 */
export const isHeld = sql<boolean>`coalesce(
  ${syncSchedule.leaseUntil} > statement_timestamp()
    and ${syncSchedule.leaseUntil} < statement_timestamp() + interval '1 hour', false)`

const schedule = {
  cadence: syncSchedule.cadence,
  dueAt: syncSchedule.dueAt,
  runId: syncSchedule.runId,
  isHeld,
}

/** The schedule row, locked, with whether somebody's lease on it is alive. */
export async function lockSchedule(transaction: Transaction, key: ScheduleKey) {
  const [row] = await transaction.select(schedule).from(syncSchedule).where(isKey(key)).for('update')
  return row ?? null
}

/**
 * All schedule rows of a connection, locked in one order: what changes the connection as a whole waits for runs that
 * end right now, and they for it.
 */
export async function lockSchedules(transaction: Transaction, key: Omit<ScheduleKey, 'cadence'>) {
  return transaction
    .select(schedule)
    .from(syncSchedule)
    .where(isOf(key))
    .orderBy(asc(syncSchedule.cadence))
    .for('update')
}

/**
 * Keeps the run's hold on its connection until the transaction ends: what a run writes beside its end is written by the
 * holder or not at all. Whoever takes over clears away what was written before, and later nobody would.
 * @throws {LeaseLost} when another run took over, or the connection was revoked
 */
export async function requireHold(
  transaction: Transaction,
  { organizationId, runId }: { organizationId: string; runId: string },
): Promise<void> {
  const [row] = await transaction
    .select({ runId: syncSchedule.runId })
    .from(syncSchedule)
    .where(and(eq(syncSchedule.organizationId, organizationId), eq(syncSchedule.runId, runId)))
    .for('key share')
  if (!row) throw new LeaseLost()
}

/** Takes the lease for a run; the row was locked before. */
export async function takeLease(
  transaction: Transaction,
  key: ScheduleKey,
  runId: string,
  leaseSeconds: number,
): Promise<void> {
  await transaction
    .update(syncSchedule)
    .set({ runId, leaseUntil: after(leaseSeconds) })
    .where(isKey(key))
}

/** Gives the lease back and says when the connection is due next. False when another run holds it by now. */
export async function releaseLease(
  transaction: Transaction,
  key: ScheduleKey,
  runId: string,
  dueAt: Date,
): Promise<boolean> {
  const rows = await transaction
    .update(syncSchedule)
    .set({ runId: null, leaseUntil: null, dueAt })
    .where(and(isKey(key), eq(syncSchedule.runId, runId)))
    .returning({ dueAt: syncSchedule.dueAt })
  return rows.length === 1
}

/** Lets the lease go without an end of the run: the process is shutting down, and the next one takes over at once. */
export async function handBackLease(database: Database, key: ScheduleKey, runId: string): Promise<void> {
  await database.withOrganization(key.organizationId, transaction =>
    transaction
      .update(syncSchedule)
      .set({ runId: null, leaseUntil: null })
      .where(and(isKey(key), eq(syncSchedule.runId, runId))),
  )
}

/**
 * Keeps the lease alive while `work` runs. Its signal aborts when the lease is lost: the connection was revoked, or
 * another worker took over.
 */
export async function holdingLease<T>(
  { database, leaseSeconds }: Pick<Services, 'database' | 'leaseSeconds'>,
  key: ScheduleKey,
  runId: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController()
  const renew = async () => {
    const rows = await database.withOrganization(key.organizationId, transaction =>
      transaction
        .update(syncSchedule)
        .set({ leaseUntil: after(leaseSeconds) })
        .where(and(isKey(key), eq(syncSchedule.runId, runId)))
        .returning({ runId: syncSchedule.runId }),
    )
    if (rows.length === 0) lost.abort(new LeaseLost())
  }
  let isRenewing = false
  // Five renewals may fail before the lease is over.
  const pause = (leaseSeconds / 6) * 1000
  const timer = setInterval(() => {
    // One at a time: the end of a large run holds the row for a while, and renewals waiting for it would take up the pool.
    if (isRenewing) return
    isRenewing = true
    // A database that does not answer right now is no lost lease: the next renewal, or the run's end, finds out.
    renew()
      .catch(() => undefined)
      .finally(() => {
        isRenewing = false
      })
  }, pause)
  try {
    return await work(AbortSignal.any([signal, lost.signal]))
  } finally {
    clearInterval(timer)
  }
}

/** The run no longer holds its connection; whatever it read is dropped. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'

  constructor() {
    super('the run no longer holds its connection')
  }
}
