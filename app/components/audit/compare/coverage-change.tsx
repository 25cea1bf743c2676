import { formatPercent } from '../../../lib/format.ts'
import { type Segment, SegmentBar } from '../../charts/segment-bar.tsx'
import { Card } from '../../ui/card.tsx'
import type { ComparisonData } from '../answers.ts'

type Coverage = ComparisonData['coverage']

/** Coverage at both moments, with its parts. */
export function CoverageChange({ coverage: { before, after } }: { coverage: Coverage }) {
  const points = Math.round((after.percent - before.percent) * 10) / 10
  return (
    <Card id="coverage" title="Coverage" action={<span className="text-ink-2">{changeWords(points)}</span>}>
      <div className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
        <Then title="Before" coverage={before} />
        <Then title="After" coverage={after} />
      </div>
    </Card>
  )
}

function Then({ title, coverage: { percent, parts } }: { title: string; coverage: Coverage['before'] }) {
  const segments: Segment[] = [
    { key: 'fresh', value: parts.passFresh, label: 'pass, fresh', tone: 'pass' },
    { key: 'stale', value: parts.passStale, label: 'passed, evidence stale', tone: 'stale' },
    { key: 'expired', value: parts.passExpired, label: 'passed, evidence expired', tone: 'none' },
    { key: 'fail', value: parts.fail, label: 'fail', tone: 'fail' },
    { key: 'not_testable', value: parts.notTestable, label: 'not testable', tone: 'unknown' },
    { key: 'no_data', value: parts.noData, label: 'no data', tone: 'none' },
  ]
  return (
    <div className="grid gap-2">
      <p className="text-s text-ink-2">
        {title} <b className="ms-1 text-l font-semibold text-ink tabular-nums">{formatPercent(percent)}</b>
      </p>
      <SegmentBar
        label={`Controls ${title.toLowerCase()}`}
        segments={segments.filter(segment => segment.value > 0)}
      />
    </div>
  )
}

function changeWords(points: number): string {
  if (points === 0) return 'the same'
  return `${points > 0 ? 'up' : 'down'} ${Math.abs(points)} points`
}
