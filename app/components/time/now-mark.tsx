import { useNow } from '../../lib/clock.ts'
import { formatClockUtc } from '../../lib/format.ts'
import { useHydrated } from '../../lib/hydrated.ts'
import { useLiveState } from '../../lib/live-state.ts'
import { UtcMark } from './time.tsx'

/** "Now, 14:07": says that a page shows the present; while its connection is lost, up to when it does. */
export function NowMark() {
  const now = useNow(1_000)
  const isHydrated = useHydrated()
  const { connection, since } = useLiveState()
  if (now === null) return null
  const isLost = connection === 'lost' && since !== null
  const shown = isLost ? since : now
  const clock = isHydrated
    ? new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }).format(shown)
    : formatClockUtc(shown)
  return (
    <span className="inline-flex items-center gap-1.5 text-s text-ink-2 tabular-nums">
      <span
        aria-hidden="true"
        className={isLost ? 'size-2 rounded-full border border-stale' : 'size-2 rounded-full bg-pass'}
      />
      <span>
        {isLost ? `As of ${clock}` : `Now, ${clock}`}
        {isHydrated ? null : <UtcMark />}
      </span>
    </span>
  )
}
