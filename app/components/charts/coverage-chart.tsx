import type { CoveragePlot } from '../../../server/domain/plots/coverage-plot.ts'
import { classNames } from '../../lib/class-names.ts'
import { formatDateTimeUtc, formatPercent } from '../../lib/format.ts'
import { ChartFigure } from './chart-figure.tsx'
import { CHART_TEXT, TimeTicks } from './time-ticks.tsx'

/**
 * Coverage over time as steps, with the outages as bands. It stretches with the page, and with the height of what
 * stands beside it; text and lines do not.
 */
export function CoverageChart({
  plot,
  label = 'Coverage over time',
}: {
  plot: CoveragePlot
  label?: string
}) {
  const { height, outages } = plot
  const share = (y: number) => `${(y / height) * 100}%`
  return (
    <ChartFigure
      isStretched
      caption={label}
      columns={['From', 'Coverage']}
      rows={plot.steps.map(step => [formatDateTimeUtc(step.at), formatPercent(step.value)])}
    >
      <div
        role="img"
        aria-label={summary(plot, label)}
        className="grid max-h-96 grid-cols-[1.5rem_minmax(0,1fr)] grid-rows-[minmax(10.75rem,1fr)_auto] gap-x-1.5 pt-2"
      >
        <div className="relative">
          <svg aria-hidden="true" className="absolute size-full overflow-visible">
            {plot.gridLines.map(line => (
              <text key={line.y} x="100%" y={share(line.y)} dy="4" textAnchor="end" className={CHART_TEXT}>
                {line.label}
              </text>
            ))}
          </svg>
        </div>
        <div className="relative">
          <svg aria-hidden="true" className="absolute size-full overflow-visible">
            {plot.gridLines.map(line => (
              <line
                key={line.y}
                x1="0"
                x2="100%"
                y1={share(line.y)}
                y2={share(line.y)}
                className="stroke-line"
              />
            ))}
            {outages.map(band => (
              <rect
                key={band.from.getTime()}
                x={`${band.x}%`}
                width={`${band.width}%`}
                y={0}
                height="100%"
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
              height="100%"
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
                cy={share(plot.end.y)}
                r="4"
                className="fill-accent stroke-surface stroke-2"
              />
            ) : null}
          </svg>
        </div>
        <svg aria-hidden="true" className="col-start-2 h-6.5 w-full overflow-visible">
          <TimeTicks ticks={plot.ticks} y={20} />
        </svg>
      </div>
    </ChartFigure>
  )
}

function summary({ from, to, end, outages }: CoveragePlot, label: string): string {
  const now = end ? `, ${formatPercent(end.value)} at the end` : ', nothing known'
  const gaps = outages.length > 0 ? `, ${outages.map(outage => outage.label).join('; ')}` : ''
  return `${label}: ${formatDateTimeUtc(from)} to ${formatDateTimeUtc(to)}${now}${gaps}`
}
