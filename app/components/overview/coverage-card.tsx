import { formatPercentNumber } from '../../lib/format.ts'
import { type Segment, SegmentBar } from '../charts/segment-bar.tsx'
import { BigFigure } from '../ui/big-figure.tsx'
import { Card } from '../ui/card.tsx'
import type { OverviewData } from './overview.tsx'
import { SourceFreshness } from './source-freshness.tsx'

/** The number with its parts, and how long it holds if nothing comes. */
export function CoverageCard({ overview }: { overview: OverviewData }) {
  const { percent, parts, sources } = overview
  const segments: Segment[] = [
    { key: 'fresh', value: parts.passFresh, label: 'pass, fresh', tone: 'pass' },
    { key: 'stale', value: parts.passStale, label: 'passed, evidence stale: count half', tone: 'stale' },
    { key: 'expired', value: parts.passExpired, label: 'passed, evidence expired', tone: 'none' },
    { key: 'fail', value: parts.fail, label: 'fail', tone: 'fail' },
    { key: 'not_testable', value: parts.notTestable, label: 'not testable', tone: 'unknown' },
    { key: 'no_data', value: parts.noData, label: 'no data', tone: 'none' },
  ]
  return (
    <Card id="coverage" title="Control coverage">
      <BigFigure value={formatPercentNumber(percent)} unit="%" />
      <SegmentBar label="Controls" segments={segments.filter(segment => segment.value > 0)} />
      <ul className="mt-4 grid gap-3 border-t border-line pt-4">
        {sources.map(source => (
          <li key={source.sourceId}>
            <SourceFreshness source={source} />
          </li>
        ))}
      </ul>
    </Card>
  )
}
