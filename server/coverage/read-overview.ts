import { and, eq, inArray } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { syncSchedule } from '../../db/schema/state.ts'
import type { ConnectorRegistry } from '../connectors/registry.ts'
import type { CoverageParts } from '../domain/coverage/coverage.ts'
import type { CoveragePlot } from '../domain/plots/coverage-plot.ts'
import type { GapStrip } from '../domain/plots/gap-strip.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { type ControlsOfCriterion, controlsByCriterion } from './controls-by-criterion.ts'
import { drawGapStrip } from './draw-gap-strip.ts'
import { type HourGap, hourGaps } from './hour-gaps.ts'
import type { Need } from './need.ts'
import { readCoverage } from './read-coverage.ts'
import { readHours } from './read-hours.ts'
import { readNeeds } from './read-needs.ts'
import type { Source } from './read-sources.ts'
import { readTimeline, timelinePlot } from './read-timeline.ts'
import { type SourceFreshness, sourceFreshness } from './source-freshness.ts'
import { sourceLabels } from './source-labels.ts'
import { sourcesSince } from './sources-since.ts'

export interface OverviewSource extends SourceFreshness {
  readonly sourceId: string
  readonly connectionId: string
  readonly label: string
  readonly status: string
  /** When the next run is due; null in the past, which a schedule says nothing of. */
  readonly nextSyncAt: Date | null
}

export interface Overview {
  readonly percent: number
  readonly parts: CoverageParts
  readonly sources: readonly OverviewSource[]
  readonly criteria: readonly ControlsOfCriterion[]
  readonly needs: readonly Need[]
  readonly plot: CoveragePlot
  readonly strip: GapStrip
  /** Where something that was due did not come in its hour, of the strip's hours. */
  readonly gaps: readonly HourGap[]
}

export const overviewDays = 30
const stripDays = 4

/** Everything that the overview shows, as of one moment; its plots do not begin before `earliest`. */
export async function readOverview(
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
  { connectors, earliest }: { connectors: ConnectorRegistry; earliest: Date | null },
): Promise<Overview> {
  const known = await readCoverage(transaction, organizationId, asOf, connectors)
  const { catalogue, sources, coverage } = known
  const shown = sourcesSince(sources, earliest)
  const asked = { organizationId, sources: shown, asOf }
  const [labels, dueAt, timeline, hours] = await Promise.all([
    sourceLabels(transaction, organizationId, asOf.position, sources),
    nextSyncs(transaction, organizationId, asOf.isNow ? sources : []),
    readTimeline(transaction, { ...asked, catalogue, days: overviewDays }),
    readHours(transaction, { ...asked, days: stripDays }),
  ])
  return {
    percent: coverage.percent,
    parts: coverage.parts,
    sources: sources.map(source => ({
      sourceId: source.sourceId,
      connectionId: source.connection.id,
      label: labels.get(source.sourceId) ?? source.connectorName,
      status: source.connection.status,
      nextSyncAt: dueAt.get(source.connection.id) ?? null,
      ...sourceFreshness(source, asOf.instant),
    })),
    criteria: controlsByCriterion(known),
    needs: await readNeeds(transaction, { organizationId, known, labels, asOf }),
    plot: timelinePlot(timeline),
    strip: drawGapStrip(hours),
    gaps: hourGaps(hours),
  }
}

async function nextSyncs(transaction: Transaction, organizationId: string, sources: readonly Source[]) {
  if (sources.length === 0) return new Map<string, Date>()
  const connectionIds = sources.map(source => source.connection.id)
  const rows = await transaction
    .select({ connectionId: syncSchedule.connectionId, dueAt: syncSchedule.dueAt })
    .from(syncSchedule)
    .where(
      and(
        eq(syncSchedule.organizationId, organizationId),
        eq(syncSchedule.cadence, 'hourly'),
        inArray(syncSchedule.connectionId, connectionIds),
      ),
    )
  return new Map(rows.map(row => [row.connectionId, row.dueAt]))
}
