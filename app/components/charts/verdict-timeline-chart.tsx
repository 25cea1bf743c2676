import type { VerdictTimeline } from '../../../server/domain/plots/verdict-timeline.ts'
import { formatDateTimeUtc } from '../../lib/format.ts'
import { type StatusValue, statusLook } from '../ui/status.tsx'
import type { Tone } from '../ui/tone.ts'
import { ChartFigure } from './chart-figure.tsx'
import { TimeTicks } from './time-ticks.tsx'

/** A control's verdicts over time. As a sparkline it is a bare bar for a table row, whose cell says the words. */
export function VerdictTimelineChart({ timeline, label, isSparkline = false }: VerdictTimelineChartProps) {
  const barHeight = isSparkline ? 10 : 22
  const bar = (
    <svg
      role="img"
      aria-label={`${label}: ${timeline.segments.map(s => `${statusLook(s.state).word} from ${formatDateTimeUtc(s.from)}`).join(', ')}`}
      width="100%"
      height={isSparkline ? barHeight : barHeight + 22}
      className={isSparkline ? 'min-w-24' : 'overflow-visible'}
    >
      <defs>
        <pattern
          id="timeline-hatch"
          width="4"
          height="4"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width="2" height="4" className="fill-unknown" />
        </pattern>
      </defs>
      {timeline.segments.map(segment => (
        <rect
          key={segment.from.getTime()}
          x={`${segment.x}%`}
          width={`${segment.width}%`}
          height={barHeight}
          className={`stroke-surface ${FILLS[statusLook(segment.state).tone]}`}
          fill={statusLook(segment.state).tone === 'unknown' ? 'url(#timeline-hatch)' : undefined}
        >
          <title>{`${statusLook(segment.state).word}: ${formatDateTimeUtc(segment.from)} to ${formatDateTimeUtc(segment.to)}`}</title>
        </rect>
      ))}
      {isSparkline ? null : <TimeTicks ticks={timeline.ticks} y={barHeight + 17} />}
    </svg>
  )
  if (isSparkline) return bar
  return (
    <ChartFigure
      caption={label}
      columns={['From', 'To', 'Verdict']}
      rows={timeline.segments.map(s => [
        formatDateTimeUtc(s.from),
        formatDateTimeUtc(s.to),
        statusLook(s.state).word,
      ])}
    >
      {bar}
    </ChartFigure>
  )
}

export type VerdictTimelineChartProps = {
  timeline: VerdictTimeline<StatusValue>
  label: string
  isSparkline?: boolean
}

const FILLS: Record<Tone, string> = {
  pass: 'fill-pass',
  fail: 'fill-fail',
  stale: 'fill-stale',
  unknown: '',
  none: 'fill-blank',
  accent: 'fill-accent',
  past: 'fill-past',
}
