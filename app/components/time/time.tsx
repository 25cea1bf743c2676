import { useNow } from '../../lib/clock.ts'
import { formatClockUtc, formatDateTimeUtc, formatDateUtc, formatRelative } from '../../lib/format.ts'
import { useHydrated } from '../../lib/hydrated.ts'

/**
 * An instant. UTC until the page is awake, then in the reader's zone, with UTC in the tooltip. `relative` ticks;
 * `date` is a day; `datetime` a day with hours and minutes.
 */
export function Time({ value, mode = 'datetime', className }: TimeProps) {
  const isHydrated = useHydrated()
  const now = useNow(mode === 'relative' ? 10_000 : 3_600_000)
  const utc = formatDateTimeUtc(value)
  const local = isHydrated
    ? inZone(value, mode === 'date')
    : mode === 'date'
      ? formatDateUtc(value)
      : `${formatDateUtc(value)}, ${formatClockUtc(value)}`
  const isRelative = mode === 'relative' && now !== null
  return (
    <time
      dateTime={value.toISOString()}
      title={isRelative && local !== utc ? `${local} (${utc})` : utc}
      className={className ?? 'tabular-nums'}
    >
      {isRelative ? formatRelative(value, now) : local}
      {isRelative || isHydrated || mode === 'date' ? null : <UtcMark />}
    </time>
  )
}

/** Said of an instant that stays in UTC because no script runs; where one does, it comes at once and nothing moves. */
export const UtcMark = () => <span className="only-without-scripts"> UTC</span>

export type TimeProps = { value: Date; mode?: 'relative' | 'date' | 'datetime'; className?: string }

function inZone(at: Date, isDay: boolean): string {
  const day = { day: 'numeric', month: 'short', year: 'numeric' } as const
  const minute = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  return new Intl.DateTimeFormat('en-GB', isDay ? day : { ...day, ...minute })
    .format(at)
    .replace('Sept', 'Sep')
}
