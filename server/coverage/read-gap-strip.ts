import { and, asc, eq, gte, inArray, lte, min } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { kindStatus, run } from '../../db/schema/state.ts'
import { spreadOf } from '../connections/schedule.ts'
import { evidenceKind, evidenceKinds } from '../domain/evidence/kinds.ts'
import { type GapStrip, gapStrip } from '../domain/plots/gap-strip.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { hourStates, worstHour } from './hour-states.ts'
import { positionBefore } from './position-before.ts'
import type { Source } from './read-sources.ts'

const hour = 3_600_000

interface StripOptions {
  organizationId: string
  sources: readonly Source[]
  asOf: Pick<AsOf, 'instant' | 'position'>
  days: number
}

/** Every hour of the days before the asked instant, per kind: what the runs that began in it found. */
export async function readGapStrip(transaction: Transaction, options: StripOptions): Promise<GapStrip> {
  const { sources, asOf, days } = options
  const hours = days * 24
  const lastHour = Math.floor(asOf.instant.getTime() / hour) * hour
  const from = new Date(lastHour - (hours - 1) * hour)
  const found = sources.length === 0 ? [] : await readFound(transaction, options, from)
  const runs = sources.length === 0 ? [] : await readRuns(transaction, options, from)
  // Before the first connection nothing was found; before an auditor's period nothing is shown.
  const begins = Math.min(...sources.map(source => source.since.getTime()))
  const kinds = evidenceKinds.filter(kind => !sources.every(source => source.absentKinds.includes(kind)))
  const firstDaily = await readFirstDailyRuns(transaction, options)
  const rows = kinds.map(kind => {
    const { cadence } = evidenceKind(kind)
    const perSource = sources
      .filter(source => !source.absentKinds.includes(kind))
      .map(({ sourceId, lives }) => {
        const ownRuns = runs.filter(each => each.sourceId === sourceId && each.cadence === cadence)
        return hourStates({
          from,
          hours,
          until: asOf.instant,
          lives:
            cadence === 'hourly' ? lives.map(inTheHour) : lives.flatMap(life => inTheDay(life, firstDaily)),
          found: found.filter(row => row.sourceId === sourceId && row.kind === kind),
          failedRuns: ownRuns.filter(each => each.outcome === 'failed').map(each => each.startedAt),
          finishedRuns: ownRuns.flatMap(each => (each.finishedAt ? [each.finishedAt] : [])),
        })
      })
    const states = Array.from({ length: hours }, (_, index) =>
      from.getTime() + (index + 1) * hour <= begins
        ? 'none'
        : worstHour(perSource.map(each => each[index] ?? 'none')),
    )
    return { kind, label: evidenceKind(kind).title, states }
  })
  return gapStrip({ from, hours, rows })
}

type Life = Source['lives'][number]

const inTheHour = (life: Life) => ({ ...life, minute: spreadOf(life.connectionId, 'hourly') })

/** Nothing is missing of a kind that no run has been due to yet: the connection may be older than it. */
function inTheDay(life: Life, firstRuns: ReadonlyMap<string, Date>) {
  const first = firstRuns.get(life.connectionId)
  const spread = spreadOf(life.connectionId, 'daily')
  return first ? [{ ...life, from: first, minute: spread % 60, hour: Math.floor(spread / 60) }] : []
}

/** When each connection's first daily run began. */
async function readFirstDailyRuns(
  transaction: Transaction,
  { organizationId, sources, asOf }: StripOptions,
): Promise<ReadonlyMap<string, Date>> {
  const ids = sources.flatMap(source => source.lives.map(life => life.connectionId))
  if (ids.length === 0) return new Map()
  const rows = await transaction
    .select({ connectionId: run.connectionId, at: min(run.startedAt) })
    .from(run)
    .where(
      and(
        eq(run.organizationId, organizationId),
        inArray(run.connectionId, ids),
        eq(run.cadence, 'daily'),
        lte(run.startedPosition, asOf.position),
      ),
    )
    .groupBy(run.connectionId)
  return new Map(rows.flatMap(({ connectionId, at }) => (at ? [[connectionId, at]] : [])))
}

function readFound(transaction: Transaction, { organizationId, sources, asOf }: StripOptions, from: Date) {
  return transaction
    .select({
      sourceId: kindStatus.sourceId,
      kind: kindStatus.kind,
      outcome: kindStatus.outcome,
      reason: kindStatus.reason,
      startedAt: run.startedAt,
    })
    .from(kindStatus)
    .innerJoin(run, and(eq(run.organizationId, organizationId), eq(run.id, kindStatus.runId)))
    .where(
      and(
        eq(kindStatus.organizationId, organizationId),
        inArray(
          kindStatus.sourceId,
          sources.map(source => source.sourceId),
        ),
        gte(kindStatus.at, from),
        lte(kindStatus.at, asOf.instant),
        lte(kindStatus.fromPosition, asOf.position),
      ),
    )
    .orderBy(asc(kindStatus.at))
}

/** Runs of the stretch as they stood as of the position: one that ended later was still under way. */
async function readRuns(
  transaction: Transaction,
  { organizationId, sources, asOf }: StripOptions,
  from: Date,
) {
  const rows = await transaction
    .select()
    .from(run)
    .where(
      and(
        eq(run.organizationId, organizationId),
        inArray(
          run.connectionId,
          sources.flatMap(source => source.lives.map(life => life.connectionId)),
        ),
        gte(run.startedPosition, positionBefore(organizationId, new Date(from.getTime() - 24 * hour))),
        lte(run.startedPosition, asOf.position),
      ),
    )
  return rows.map(({ sourceId, cadence, startedAt, finishedAt, finishedPosition, outcome }) => {
    const hasEnded = finishedPosition !== null && finishedPosition <= asOf.position
    return {
      sourceId,
      cadence,
      startedAt,
      finishedAt: hasEnded ? finishedAt : null,
      outcome: hasEnded ? outcome : null,
    }
  })
}
