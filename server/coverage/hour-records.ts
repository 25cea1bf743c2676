import { and, asc, eq, gt, gte, inArray, lte, min } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Transaction } from '../../db/client.ts'
import { events, evidence } from '../../db/schema/ledger.ts'
import { connection, kindStatus, run } from '../../db/schema/state.ts'
import { lastPositionAt } from '../ledger/position-at.ts'
import type { HoursOptions } from './read-hours.ts'

const day = 24 * 3_600_000

/** What the hours of a stretch are told from, as it was recorded as of the position. */
export interface HourRecords {
  readonly found: Awaited<ReturnType<typeof readFound>>
  readonly runs: Awaited<ReturnType<typeof readRuns>>
  readonly waits: Awaited<ReturnType<typeof readWaits>>
  readonly windows: Awaited<ReturnType<typeof readWindows>>
  /** When each connection's first daily run began, by connection. */
  readonly firstDaily: ReadonlyMap<string, Date>
}

export async function readHourRecords(
  transaction: Transaction,
  options: HoursOptions,
  from: Date,
): Promise<HourRecords> {
  const [found, runs, waits, windows, firstDaily] = await Promise.all([
    readFound(transaction, options, from),
    readRuns(transaction, options, from),
    readWaits(transaction, options),
    readWindows(transaction, options, from),
    readFirstDaily(transaction, options),
  ])
  return { found, runs, waits, windows, firstDaily }
}

const sourceIds = ({ sources }: HoursOptions) => sources.map(source => source.sourceId)
const connectionIds = ({ sources }: HoursOptions) =>
  sources.flatMap(source => source.lives.map(life => life.connectionId))

function readFound(transaction: Transaction, options: HoursOptions, from: Date) {
  const { organizationId, asOf } = options
  return transaction
    .select({
      sourceId: kindStatus.sourceId,
      kind: kindStatus.kind,
      runId: kindStatus.runId,
      outcome: kindStatus.outcome,
      reason: kindStatus.reason,
      explanation: kindStatus.explanation,
      startedAt: run.startedAt,
    })
    .from(kindStatus)
    .innerJoin(run, and(eq(run.organizationId, organizationId), eq(run.id, kindStatus.runId)))
    .where(
      and(
        eq(kindStatus.organizationId, organizationId),
        inArray(kindStatus.sourceId, sourceIds(options)),
        gte(kindStatus.at, from),
        lte(kindStatus.at, asOf.instant),
        lte(kindStatus.fromPosition, asOf.position),
      ),
    )
    .orderBy(asc(kindStatus.at))
}

/** Runs as they stood as of the position: one that ended later was still under way. */
async function readRuns(transaction: Transaction, options: HoursOptions, from: Date) {
  const { organizationId, asOf } = options
  // Known before the runs are asked for: a planner that does not know it takes a month for a third of all.
  const first = await lastPositionAt(transaction, organizationId, new Date(from.getTime() - day))
  const rows = await transaction
    .select()
    .from(run)
    .where(
      and(
        eq(run.organizationId, organizationId),
        inArray(run.connectionId, connectionIds(options)),
        gte(run.startedPosition, first),
        lte(run.startedPosition, asOf.position),
      ),
    )
    .orderBy(asc(run.startedPosition))
  return rows.map(({ id, sourceId, cadence, startedAt, finishedPosition, ...end }) => {
    const hasEnded = finishedPosition !== null && finishedPosition <= asOf.position
    return {
      runId: id,
      sourceId,
      cadence,
      startedAt,
      finishedAt: hasEnded ? end.finishedAt : null,
      outcome: hasEnded ? end.outcome : null,
      explanation: hasEnded ? end.explanation : null,
    }
  })
}

/** While connections waited for a person: a scheduled run is not due then, and one that is missing has this reason. */
async function readWaits(transaction: Transaction, options: HoursOptions) {
  const { organizationId, asOf } = options
  const [begun, ended] = [alias(events, 'begun'), alias(events, 'ended')]
  const rows = await transaction
    .select({
      sourceId: connection.sourceId,
      attention: connection.attention,
      from: begun.recordedAt,
      to: ended.recordedAt,
    })
    .from(connection)
    .innerJoin(
      begun,
      and(eq(begun.organizationId, organizationId), eq(begun.position, connection.fromPosition)),
    )
    .leftJoin(
      ended,
      and(
        eq(ended.organizationId, organizationId),
        eq(ended.position, connection.toPosition),
        lte(ended.position, asOf.position),
      ),
    )
    .where(
      and(
        eq(connection.organizationId, organizationId),
        inArray(connection.id, connectionIds(options)),
        eq(connection.status, 'needs_attention'),
        lte(connection.fromPosition, asOf.position),
      ),
    )
  return rows.map(({ sourceId, attention, from, to }) => ({
    sourceId,
    from,
    to,
    explanation: attention?.explanation ?? '',
  }))
}

async function readWindows(transaction: Transaction, options: HoursOptions, from: Date) {
  const { organizationId, asOf } = options
  const rows = await transaction
    .select({
      sourceId: evidence.sourceId,
      kind: evidence.kind,
      from: evidence.windowFrom,
      to: evidence.windowTo,
    })
    .from(evidence)
    .where(
      and(
        eq(evidence.organizationId, organizationId),
        inArray(evidence.sourceId, sourceIds(options)),
        gt(evidence.windowTo, from),
        lte(evidence.position, asOf.position),
      ),
    )
  return rows.flatMap(({ from: begins, to, ...of }) => (begins && to ? [{ ...of, from: begins, to }] : []))
}

async function readFirstDaily(
  transaction: Transaction,
  options: HoursOptions,
): Promise<ReadonlyMap<string, Date>> {
  const { organizationId, asOf } = options
  const rows = await transaction
    .select({ connectionId: run.connectionId, at: min(run.startedAt) })
    .from(run)
    .where(
      and(
        eq(run.organizationId, organizationId),
        inArray(run.connectionId, connectionIds(options)),
        eq(run.cadence, 'daily'),
        lte(run.startedPosition, asOf.position),
      ),
    )
    .groupBy(run.connectionId)
  return new Map(rows.flatMap(({ connectionId, at }) => (at ? [[connectionId, at]] : [])))
}
