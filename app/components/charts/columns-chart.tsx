import type { ColumnsPlot } from '../../../server/domain/plots/columns-plot.ts'
import { formatDateUtc, formatNumber } from '../../lib/format.ts'
import { TONE_FILL, type Tone } from '../ui/tone.ts'
import { ChartFigure } from './chart-figure.tsx'
import { CHART_TEXT, TimeTicks } from './time-ticks.tsx'

/** Counts per day, stacked by part: risky sign-ins by level, for one. `looks` names and colours the parts. */
export function ColumnsChart<Part extends string>({ plot, label, looks }: ColumnsChartProps<Part>) {
  const { height } = plot
  const total = plot.columns.reduce((sum, column) => sum + column.total, 0)
  return (
    <ChartFigure
      caption={label}
      columns={['Day', ...plot.parts.map(part => looks[part].label)]}
      rows={plot.columns.map(column => [
        formatDateUtc(column.at),
        ...plot.parts.map(part => formatNumber(column.pieces.find(piece => piece.part === part)?.value ?? 0)),
      ])}
      legend={
        <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2">
          {plot.parts.map(part => (
            <li key={part} className="inline-flex items-center gap-1.5">
              <span aria-hidden="true" className={`size-2.25 rounded-xs ${TONE_FILL[looks[part].tone]}`} />
              {looks[part].label}
            </li>
          ))}
        </ul>
      }
    >
      <div className="flex gap-1.5">
        <svg aria-hidden="true" width="24" height={height + 34} className="flex-none overflow-visible">
          {plot.gridLines.map(line => (
            <text key={line.y} x="24" y={line.y + 12} textAnchor="end" className={CHART_TEXT}>
              {line.label}
            </text>
          ))}
        </svg>
        <svg
          role="img"
          aria-label={`${label}: ${formatNumber(total)} from ${formatDateUtc(plot.from)} to ${formatDateUtc(plot.to)}`}
          height={height + 34}
          className="min-w-0 flex-1 overflow-visible"
        >
          <svg aria-hidden="true" y={8} height={height} width="100%" className="overflow-visible">
            {plot.gridLines.map(line => (
              <line key={line.y} x1="0" x2="100%" y1={line.y} y2={line.y} className="stroke-line" />
            ))}
            {plot.columns.map(column =>
              column.pieces.map(piece => (
                <rect
                  key={`${column.at.getTime()}-${piece.part}`}
                  x={`${column.x}%`}
                  width={`${column.width}%`}
                  y={piece.y}
                  height={piece.height}
                  rx={1}
                  className={FILLS[looks[piece.part].tone]}
                >
                  <title>{`${formatDateUtc(column.at)}: ${formatNumber(piece.value)} ${looks[piece.part].label}`}</title>
                </rect>
              )),
            )}
          </svg>
          <TimeTicks ticks={plot.ticks} y={height + 28} />
        </svg>
      </div>
    </ChartFigure>
  )
}

export type ColumnsChartProps<Part extends string> = {
  plot: ColumnsPlot<Part>
  label: string
  looks: Record<Part, { label: string; tone: Tone }>
}

const FILLS: Record<Tone, string> = {
  pass: 'fill-pass',
  fail: 'fill-fail',
  stale: 'fill-stale',
  unknown: 'fill-unknown',
  none: 'fill-blank',
  accent: 'fill-accent',
  past: 'fill-past',
}
