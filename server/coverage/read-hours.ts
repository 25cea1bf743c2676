import type { Transaction } from '../../db/client.ts'
import { spreadOf } from '../connections/schedule.ts'
import { type EvidenceKind, evidenceKind, evidenceKinds } from '../domain/evidence/kinds.ts'
import { coveredSpans } from '../domain/run/feed-window.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { type HourFinding, hourFindings, notDue } from './hour-findings.ts'
import { type HourRecords, readHourRecords } from './hour-records.ts'
import type { Source } from './read-sources.ts'

const hour = 3_600_000

export interface HoursOptions {
  organizationId: string
  sources: readonly Source[]
  asOf: Pick<AsOf, 'instant' | 'position'>
  days: number
}

/** Every hour of a stretch, of each kind of each source: the gap ledger. */
export interface HourLedger {
  /** Start of the first hour. */
  readonly from: Date
  readonly hours: number
  readonly rows: readonly {
    readonly sourceId: string
    readonly kind: EvidenceKind
    /** One per hour from `from` on. */
    readonly findings: readonly HourFinding[]
  }[]
}

/**
 * Every hour of the days before the asked instant: what the runs that began in it found, as it was known as of the
 * position. Nothing is said of the time before a source begins, which for an auditor is the period.
 */
export async function readHours(transaction: Transaction, options: HoursOptions): Promise<HourLedger> {
  const { sources, asOf, days } = options
  const hours = days * 24
  const lastHour = Math.floor(asOf.instant.getTime() / hour) * hour
  const from = new Date(lastHour - (hours - 1) * hour)
  if (sources.length === 0) return { from, hours, rows: [] }
  const records = await readHourRecords(transaction, options, from)
  const rows = evidenceKinds.flatMap(kind =>
    sources
      .filter(source => !source.absentKinds.includes(kind))
      .map(source => ({
        sourceId: source.sourceId,
        kind,
        findings: findingsOf(source, kind, records, { from, hours, until: asOf.instant }),
      })),
  )
  return { from, hours, rows }
}

function findingsOf(
  source: Source,
  kind: EvidenceKind,
  records: HourRecords,
  stretch: { from: Date; hours: number; until: Date },
): HourFinding[] {
  const { sourceId, since, lives } = source
  const { cadence, mode } = evidenceKind(kind)
  const isOwn = (each: { sourceId: string }) => each.sourceId === sourceId
  const runs = records.runs.filter(each => isOwn(each) && each.cadence === cadence)
  const shown = lives.map(life => (life.from < since ? { ...life, from: since } : life))
  const findings = hourFindings({
    ...stretch,
    lives:
      cadence === 'hourly' ? shown.map(inTheHour) : shown.flatMap(life => inTheDay(life, records.firstDaily)),
    found: records.found.filter(each => isOwn(each) && each.kind === kind && each.startedAt >= since),
    failedRuns: runs.filter(each => each.outcome === 'failed' && each.startedAt >= since),
    finishedRuns: runs.flatMap(each => (each.finishedAt ? [each.finishedAt] : [])),
    waits: records.waits.filter(isOwn),
    covered:
      mode === 'feed'
        ? coveredSpans(records.windows.filter(each => isOwn(each) && each.kind === kind))
        : null,
  })
  const begins = since.getTime() - stretch.from.getTime()
  return findings.map((finding, index) => ((index + 1) * hour <= begins ? notDue : finding))
}

type Life = Source['lives'][number]

const inTheHour = (life: Life) => ({ ...life, minute: spreadOf(life.connectionId, 'hourly') })

/** Nothing is missing of a kind that no run has been due to yet: the connection may be older than it. */
function inTheDay(life: Life, firstRuns: ReadonlyMap<string, Date>) {
  const first = firstRuns.get(life.connectionId)
  if (!first) return []
  const spread = spreadOf(life.connectionId, 'daily')
  const from = new Date(Math.max(first.getTime(), life.from.getTime()))
  return [{ ...life, from, minute: spread % 60, hour: Math.floor(spread / 60) }]
}
