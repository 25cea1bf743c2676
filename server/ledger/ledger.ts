import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import type { SnapshotReader } from '../../db/shared-snapshot.ts'
import { sqlState } from '../../db/sql-state.ts'
import type { Clock } from '../clock.ts'
import { DomainRefusal } from '../domain/refusal.ts'
import { AppError } from '../errors.ts'
import { append, VersionConflict } from './append.ts'
import { type AsOf, type AsOfRequest, headInSnapshot, positionAt, waitsForAppends } from './position-at.ts'
import { readStream } from './read.ts'
import type { NewEvent, RecordedEvent, StreamReference } from './recorded-event.ts'

/** Turns recorded events into rows, in the transaction that records them. */
export type Project = (transaction: Transaction, events: readonly RecordedEvent[]) => Promise<void>

/**
 * Runs once at the end of a transaction that appended, with everything that was: appends what follows from it. What it
 * appends is not reacted to in turn.
 */
export type React = (unit: Unit, recorded: readonly RecordedEvent[]) => Promise<void>

/** Runs once at the end of a transaction that appended: puts what must follow into the same transaction. */
export type FollowUp = (transaction: Transaction, organizationId: string, now: Date) => Promise<void>

/** One command's transaction: load streams, decide, append; projections follow in the same breath. */
export interface Unit {
  readonly organizationId: string
  readonly transaction: Transaction
  readonly actor: string
  readonly now: Date
  load(streamId: string): Promise<RecordedEvent[]>
  /**
   * Appends and projects. No events, no effect. `materialise` writes what hangs on the events' positions and what the
   * projections read: evidence rows and their deltas.
   */
  append(
    stream: StreamReference,
    expectedVersion: number | 'any',
    events: readonly NewEvent[],
    materialise?: (recorded: readonly RecordedEvent[]) => Promise<void>,
  ): Promise<RecordedEvent[]>
  /** The same transaction in the name of another actor. */
  as(actor: string): Unit
}

export interface Ledger {
  readonly clock: Clock
  readonly database: Database
  /** Runs a command in one transaction; on a version conflict or a deadlock it is run again from the start, a few times. */
  command<T>(organizationId: string, actor: string, work: (unit: Unit) => Promise<T>): Promise<T>
  /** Opens a new organization's ledger and runs its first command. Whether it is simulated never changes. */
  open<T>(
    organizationId: string,
    simulated: boolean,
    actor: string,
    work: (unit: Unit) => Promise<T>,
  ): Promise<T>
  /** Resolves what was asked to its pair. */
  resolve(organizationId: string, request: AsOfRequest): Promise<AsOf>
  /**
   * Reads as of what was asked, all of it from one snapshot of the database; the pair it resolved to is handed to the
   * work.
   * @param reader whose snapshot it may share; one of its own without
   */
  query<T>(
    organizationId: string,
    asOf: AsOfRequest,
    work: (transaction: Transaction, asOf: AsOf) => Promise<T>,
    reader?: Pick<SnapshotReader, 'withSnapshot'>,
  ): Promise<T>
}

export function createLedger(options: {
  database: Database
  clock: Clock
  project: Project
  react?: React
  followUp?: FollowUp
}): Ledger {
  const { database, clock, project, react, followUp } = options

  async function runCommand<T>(
    organizationId: string,
    actor: string,
    transaction: Transaction,
    work: (unit: Unit) => Promise<T>,
  ): Promise<T> {
    const now = clock.now()
    const all: RecordedEvent[] = []
    const unitAs = (actor: string): Unit => ({
      organizationId,
      transaction,
      actor,
      now,
      load: streamId => readStream(transaction, organizationId, streamId),
      async append(stream, expectedVersion, events, materialise) {
        if (events.length === 0) return []
        // Whatever a clock does meanwhile: nothing is recorded before the instant that it was decided at.
        const at = new Date(Math.max(now.getTime(), clock.now().getTime()))
        const recorded = await append(transaction, {
          organizationId,
          stream,
          expectedVersion,
          events,
          actor,
          at,
        })
        all.push(...recorded)
        await materialise?.(recorded)
        await project(transaction, recorded)
        return recorded
      },
      as: unitAs,
    })
    const unit = unitAs(actor)
    const result = await work(unit)
    if (all.length > 0) await react?.(unit, [...all])
    if (all.length > 0) await followUp?.(transaction, organizationId, clock.now())
    return result
  }

  const resolve = (organizationId: string, request: AsOfRequest) =>
    database.withOrganization(organizationId, transaction =>
      positionAt(transaction, organizationId, clock, request),
    )

  return {
    clock,
    database,
    resolve,
    command: (organizationId, actor, work) =>
      retryingConflicts(() =>
        database.withOrganization(organizationId, transaction =>
          runCommand(organizationId, actor, transaction, work),
        ),
      ),
    open: (organizationId, simulated, actor, work) =>
      asAppError(() =>
        database.withOrganization(organizationId, async transaction => {
          await transaction.execute(
            sql`select ledger.open_organization(${organizationId}::uuid, ${simulated})`,
          )
          return runCommand(organizationId, actor, transaction, work)
        }),
      ),
    async query(organizationId, request, work, reader = database) {
      if (waitsForAppends(request, clock)) {
        // What is waited for would not be in a snapshot that was taken before.
        const settled = await resolve(organizationId, request)
        return database.withSnapshot(organizationId, transaction => work(transaction, settled))
      }
      return reader.withSnapshot(organizationId, async transaction =>
        work(transaction, await positionAt(transaction, organizationId, clock, request, headInSnapshot)),
      )
    },
  }
}

const attempts = 5

async function retryingConflicts<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await asAppError(work)
    } catch (error) {
      if (!isPassing(error) || attempt === attempts) throw error
      await pause(attempt * 10)
    }
  }
}

/**
 * Another command was faster; the database ended this one because two waited for each other (40P01); or it waited for
 * the organization's head until the time that it was decided at was no longer now (22008), as behind the last step of a
 * large rebuild. That time is not recorded late: whoever asked meanwhile what was known then has had an answer.
 */
const isPassing = (error: unknown) =>
  error instanceof VersionConflict || ['40P01', '22008'].includes(sqlState(error) ?? '')

async function asAppError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof DomainRefusal) {
      throw new AppError('precondition_failed', error.message, { userMessage: error.words, cause: error })
    }
    throw error
  }
}
