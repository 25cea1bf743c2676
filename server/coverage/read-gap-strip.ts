import { and, asc, eq, gte, inArray, lte } from 'drizzle-orm'
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
  const rows = kinds.map(kind => {
    const perSource = sources
      .filter(source => !source.absentKinds.includes(kind))
      .map(({ sourceId, lives }) => {
        const ownRuns = runs.filter(each => each.sourceId === sourceId)
        return hourStates({
          from,
          hours,
          until: asOf.instant,
          lives: lives.map(life => ({ ...life, minute: spreadOf(life.connectionId) })),
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
  return rows.map(({ sourceId, startedAt, finishedAt, finishedPosition, outcome }) => {
    const hasEnded = finishedPosition !== null && finishedPosition <= asOf.position
    return {
      sourceId,
      startedAt,
      finishedAt: hasEnded ? finishedAt : null,
      outcome: hasEnded ? outcome : null,
    }
  })
}
