import { useNow } from '../../lib/clock.ts'
import { formatClockUtc } from '../../lib/format.ts'
import { useHydrated } from '../../lib/hydrated.ts'

/** "Now, 14:07": says that a page shows the present. */
export function NowMark() {
  const now = useNow(1_000)
  const isHydrated = useHydrated()
  if (now === null) return null
  const clock = isHydrated
    ? new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }).format(now)
    : `${formatClockUtc(now)} UTC`
  return (
    <span className="inline-flex items-center gap-1.5 text-s text-ink-2 tabular-nums">
      <span aria-hidden="true" className="size-2 rounded-full bg-pass" />
      Now, {clock}
    </span>
  )
}
