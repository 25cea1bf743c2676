import type { CoveragePlot } from '../../../server/domain/plots/coverage-plot.ts'
import { classNames } from '../../lib/class-names.ts'
import { formatDateTimeUtc, formatPercent } from '../../lib/format.ts'
import { ChartFigure } from './chart-figure.tsx'
import { CHART_TEXT, TimeTicks } from './time-ticks.tsx'

/** Coverage over time as steps, with the outages as bands. x stretches with the page, text and lines do not. */
export function CoverageChart({
  plot,
  label = 'Coverage over time',
}: {
  plot: CoveragePlot
  label?: string
}) {
  const { height, outages } = plot
  return (
    <ChartFigure
      caption={label}
      columns={['From', 'Coverage']}
      rows={plot.steps.map(step => [formatDateTimeUtc(step.at), formatPercent(step.value)])}
    >
      <div className="flex gap-1.5">
        <svg aria-hidden="true" width="24" height={height + 34} className="flex-none overflow-visible">
          {plot.gridLines.map(line => (
            <text key={line.y} x="24" y={line.y + TOP + 4} textAnchor="end" className={CHART_TEXT}>
              {line.label}
            </text>
          ))}
        </svg>
        <svg
          role="img"
          aria-label={summary(plot, label)}
          height={height + 34}
          className="min-w-0 flex-1 overflow-visible"
        >
          <svg aria-hidden="true" y={TOP} height={height} width="100%" className="overflow-visible">
            {plot.gridLines.map(line => (
              <line key={line.y} x1="0" x2="100%" y1={line.y} y2={line.y} className="stroke-line" />
            ))}
            {outages.map(band => (
              <rect
                key={band.from.getTime()}
                x={`${band.x}%`}
                width={`${band.width}%`}
                y={0}
                height={height}
                className="fill-fail/12"
              >
                <title>{`${band.label}: ${formatDateTimeUtc(band.from)} to ${formatDateTimeUtc(band.to)}`}</title>
              </rect>
            ))}
            <svg
              aria-hidden="true"
              viewBox={`0 0 100 ${height}`}
              preserveAspectRatio="none"
              width="100%"
              height={height}
            >
              <path d={plot.area} className="pointer-events-none fill-accent/9" />
              <path
                d={plot.line}
                className="pointer-events-none fill-none stroke-accent stroke-2"
                vectorEffect="non-scaling-stroke"
              />
            </svg>
            {outages.map(band =>
              band.isLabelled ? (
                <text
                  key={band.from.getTime()}
                  x={`${band.labelX}%`}
                  y={12}
                  textAnchor={band.anchor}
                  className={classNames(
                    'fill-fail text-xxs font-medium',
                    !band.isLabelledOnPhone && 'max-sm:hidden',
                  )}
                >
                  {band.label}
                </text>
              ) : null,
            )}
            {plot.end ? (
              <circle
                cx={`${plot.end.x}%`}
                cy={plot.end.y}
                r="4"
                className="fill-accent stroke-surface stroke-2"
              />
            ) : null}
          </svg>
          <TimeTicks ticks={plot.ticks} y={height + TOP + 20} />
        </svg>
      </div>
    </ChartFigure>
  )
}

/** Room for half a line of text above the topmost grid line. */
const TOP = 8

function summary({ from, to, end, outages }: CoveragePlot, label: string): string {
  const now = end ? `, ${formatPercent(end.value)} at the end` : ', nothing known'
  const gaps = outages.length > 0 ? `, ${outages.map(outage => outage.label).join('; ')}` : ''
  return `${label}: ${formatDateTimeUtc(from)} to ${formatDateTimeUtc(to)}${now}${gaps}`
}
