import type { Caller } from '../../../server/trpc/router.ts'
import { useAsOf, useWithAsOf } from '../../lib/as-of.ts'
import { useBase } from '../../lib/organization.ts'
import { CoverageChart } from '../charts/coverage-chart.tsx'
import { GapStripChart, GapStripLegend } from '../charts/gap-strip-chart.tsx'
import { historyTitle } from '../charts/history-title.ts'
import type { ListedConnector } from '../connections/answers.ts'
import { type ExplainAnswer, ExplainCard } from '../explain/explain-card.tsx'
import { TimeControl } from '../time/look-back.tsx'
import { Card } from '../ui/card.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { ControlMatrix } from './control-matrix.tsx'
import { CoverageCard } from './coverage-card.tsx'
import { FirstSteps } from './first-steps.tsx'
import { HourGaps } from './hour-gaps.tsx'
import { NeedsCard } from './needs-card.tsx'

export type OverviewData = Awaited<ReturnType<Caller['coverage']['overview']>>

type OverviewProps = {
  overview: OverviewData
  connectors: ListedConnector[]
  explained: ExplainAnswer | undefined
}

/** How things stand, what changed, and what to do next: the page a compliance lead begins the day with. */
export function Overview({ overview, connectors, explained }: OverviewProps) {
  const base = useBase()
  const keep = useWithAsOf()
  const isPast = useAsOf() !== null
  const isEmpty = overview.sources.length === 0
  return (
    <>
      <PageHeader title="Overview" right={<TimeControl />} />
      {isEmpty ? <FirstSteps isPast={isPast} connectors={connectors} /> : null}
      {isEmpty ? null : (
        <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.9fr)_minmax(0,1.25fr)]">
          <CoverageCard overview={overview} />
          <Card
            id="history"
            title={historyTitle(overview.plot, isPast)}
            action={
              <a href={keep(`${base}/coverage.csv`)} download className="link">
                CSV
              </a>
            }
          >
            <CoverageChart plot={overview.plot} />
          </Card>
          <NeedsCard needs={overview.needs} />
        </div>
      )}
      <Card id="controls" title="Controls by criterion">
        <ControlMatrix criteria={overview.criteria} />
      </Card>
      {isEmpty ? null : (
        <Card
          id="hours"
          title="Every hour accounted for"
          action={
            <div className="flex flex-wrap gap-x-4 gap-y-1">
              <GapStripLegend words={overview.strip.words} />
              <a href={keep(`${base}/hours.csv`)} download className="link">
                CSV
              </a>
            </div>
          }
        >
          <GapStripChart strip={overview.strip} />
          <HourGaps overview={overview} />
        </Card>
      )}
      <ExplainCard answer={explained} />
    </>
  )
}
