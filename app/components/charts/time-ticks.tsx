import type { TimeTick } from '../../../server/domain/plots/axis.ts'
import { classNames } from '../../lib/class-names.ts'

/** The labels of a time axis at `y`. Every other one gives way on a phone. */
export function TimeTicks({ ticks, y }: { ticks: TimeTick[]; y: number }) {
  return (
    <>
      {ticks.map((tick, index) => (
        <text
          key={tick.x}
          x={`${tick.x}%`}
          y={y}
          textAnchor={tick.anchor}
          className={classNames(CHART_TEXT, ticks.length > 5 && index % 2 === 1 && 'max-sm:hidden')}
        >
          {tick.label}
        </text>
      ))}
    </>
  )
}

/** Text in a plot: drawn in pixels at any width of the plot. */
export const CHART_TEXT = 'fill-ink-3 text-xxs font-medium'
