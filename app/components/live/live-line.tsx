import { classNames } from '../../lib/class-names.ts'
import type { LiveState } from '../../lib/live-state.ts'
import { Time } from '../time/time.tsx'
import { StatusIcon } from '../ui/status-icon.tsx'

/** Says, over the page's foot, that its connection broke and that it is whole again; and to those who listen, what is new. */
export function LiveLine({ state: { connection, since }, announcement }: LiveLineProps) {
  const isShown = connection === 'lost' || connection === 'caught_up'
  return (
    <div
      role="status"
      className={classNames(
        'print:hidden',
        isShown
          ? 'fixed start-1/2 bottom-3 z-40 flex w-max max-w-[calc(100vw-1.5rem)] -translate-x-1/2 items-center gap-2 rounded-m border border-line bg-surface px-3.5 py-2 text-s text-ink shadow-lg'
          : 'sr-only',
      )}
    >
      {connection === 'lost' ? (
        <>
          <StatusIcon shape="clock" className="flex-none text-stale" />
          <span>
            Connection lost, trying again…{' '}
            {since ? (
              <span className="text-ink-2">
                What you see is from <Time value={since} />.
              </span>
            ) : null}
          </span>
        </>
      ) : connection === 'caught_up' ? (
        <>
          <StatusIcon shape="check" className="flex-none text-pass" />
          <span>Connected again and caught up: nothing is missing.</span>
        </>
      ) : (
        announcement
      )}
    </div>
  )
}

type LiveLineProps = { state: LiveState; announcement: string }
