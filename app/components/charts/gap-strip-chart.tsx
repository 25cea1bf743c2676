import { useEffect, useRef } from 'react'
import type { GapStrip, GapStripCell, HourState } from '../../../server/domain/plots/gap-strip.ts'
import { formatDateTimeUtc, formatNumber } from '../../lib/format.ts'
import { ChartFigure } from './chart-figure.tsx'
import { CHART_TEXT } from './time-ticks.tsx'

/** Every hour of every evidence kind, so that none can go missing unseen. Scrolls sideways where it does not fit. */
export function GapStripChart({
  strip,
  label = 'Every hour per evidence kind',
}: {
  strip: GapStrip
  label?: string
}) {
  const scroller = useRef<HTMLDivElement>(null)
  // The latest hours are the ones people come for.
  useEffect(() => {
    if (scroller.current) scroller.current.scrollLeft = scroller.current.scrollWidth
  }, [])
  return (
    <ChartFigure
      caption={`${label}, hours by outcome from ${formatDateTimeUtc(strip.from)}`}
      columns={['Evidence', ...LEGEND.map(state => strip.words[state])]}
      rows={strip.rows.map(row => [row.label, ...LEGEND.map(state => formatNumber(row.counts[state]))])}
    >
      <div className="flex gap-3">
        <ul aria-hidden="true" className="flex-none pt-5.5 text-xs text-ink-2">
          {strip.rows.map(row => (
            <li key={row.kind} className="max-w-36 truncate" style={{ height: strip.rowHeight }}>
              {row.label}
            </li>
          ))}
        </ul>
        <section
          ref={scroller}
          aria-label={label}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
          tabIndex={0}
          className="min-w-0 flex-1 overflow-x-auto pb-1"
        >
          <svg
            role="img"
            aria-label={summary(strip, label)}
            width="100%"
            height={strip.height}
            className="min-w-176"
          >
            {strip.days.map(day => (
              <g key={day.x}>
                <line x1={`${day.x}%`} x2={`${day.x}%`} y1={16} y2={strip.height} className="stroke-line" />
                <text
                  x={`${day.x}%`}
                  y={11}
                  dx={day.anchor === 'end' ? -2 : day.x > 0 ? 2 : 0}
                  textAnchor={day.anchor}
                  className={CHART_TEXT}
                >
                  {day.label}
                </text>
              </g>
            ))}
            {strip.rows.map(row =>
              row.cells.map(cell => (
                <rect
                  key={`${row.kind}-${cell.at.getTime()}`}
                  x={`${cell.x}%`}
                  width={`${cell.width}%`}
                  y={row.y}
                  height={strip.cellHeight}
                  rx={2}
                  className={FILLS[cell.state]}
                >
                  <title>{`${row.label}, ${hoursOf(cell)}: ${strip.words[cell.state]}`}</title>
                </rect>
              )),
            )}
            {strip.isDividedByHour ? <HourLines strip={strip} /> : null}
          </svg>
        </section>
      </div>
    </ChartFigure>
  )
}

/** One path parts all runs of hours into single ones. */
function HourLines({ strip: { hours, height } }: { strip: GapStrip }) {
  const lines = Array.from({ length: hours - 1 }, (_, index) => `M${index + 1} 0V1`)
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${hours} 1`}
      preserveAspectRatio="none"
      y={FIRST_ROW}
      width="100%"
      height={height - FIRST_ROW}
    >
      <path
        d={lines.join('')}
        className="pointer-events-none fill-none stroke-surface"
        strokeWidth={1.5}
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  )
}

/** Below the days. */
const FIRST_ROW = 22

/** The key of the strip, for a card's action slot. */
export function GapStripLegend({ words }: Pick<GapStrip, 'words'>) {
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-1 text-xs text-ink-2">
      {LEGEND.map(state => (
        <li key={state} className="inline-flex items-center gap-1.5">
          <svg aria-hidden="true" width="10" height="10">
            <rect x="0.5" y="0.5" width="9" height="9" rx="2" className={FILLS[state]} />
          </svg>
          {words[state]}
        </li>
      ))}
    </ul>
  )
}

const LEGEND: HourState[] = ['collected', 'reaffirmed', 'caught_up', 'failed', 'missing', 'unreadable']

const FILLS: Record<HourState, string> = {
  collected: 'fill-pass',
  reaffirmed: 'fill-pass/28',
  caught_up: 'fill-pass/28 stroke-pass [stroke-dasharray:2_2]',
  failed: 'fill-fail',
  missing: 'fill-transparent stroke-fail [stroke-dasharray:2_2]',
  unreadable: 'fill-unknown/45',
  none: 'fill-blank/40',
}

function hoursOf(cell: GapStripCell): string {
  const from = formatDateTimeUtc(cell.at)
  return cell.hours === 1 ? from : `${cell.hours} hours from ${from}`
}

function summary(strip: GapStrip, label: string): string {
  const bad = strip.rows.filter(row => row.counts.failed + row.counts.missing + row.counts.unreadable > 0)
  const words = bad.map(
    row =>
      `${row.label}: ${row.counts.failed} failed, ${row.counts.missing} missing, ${row.counts.unreadable} not readable`,
  )
  return `${label}, ${strip.hours} hours from ${formatDateTimeUtc(strip.from)}. ${words.join('. ') || 'All hours collected'}`
}
