import { useNow } from '../../lib/clock.ts'
import { formatDateTimeUtc, formatDuration } from '../../lib/format.ts'

/** How long until `until`, ticking: "Stale in 5 h 55 min", and `past` once it is over: "Expired for 2 h". */
export function Countdown({ until, before, past }: CountdownProps) {
  const now = useNow(1_000)
  const left = now === null ? null : until.getTime() - now.getTime()
  return (
    <time dateTime={until.toISOString()} title={formatDateTimeUtc(until)} className="tabular-nums">
      {left === null
        ? `${before} at ${formatDateTimeUtc(until)}`
        : left > 0
          ? `${before} in ${formatDuration(left)}`
          : `${past} for ${formatDuration(left)}`}
    </time>
  )
}

export type CountdownProps = { until: Date; before: string; past: string }
