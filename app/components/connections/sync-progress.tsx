import { useLocation } from '@remix-run/react'
import { classNames } from '../../lib/class-names.ts'
import { useHydrated } from '../../lib/hydrated.ts'
import { Status } from '../ui/status.tsx'
import type { SyncView } from './use-sync-progress.ts'

/**
 * How far a run is, in one line that is there while none goes on as well: nothing moves when one begins. What comes of
 * each kind is told where the kinds stand. Without JavaScript it is a still with a way to a newer one.
 */
export function SyncProgress({ view }: { view: SyncView | null }) {
  const isHydrated = useHydrated()
  const { pathname, search } = useLocation()
  const kinds = view?.kinds ?? []
  const done = kinds.filter(kind => kind.state === 'read' || kind.state === 'failed').length
  return (
    <div
      className={classNames(
        'rounded-s border px-3 py-1.5 text-s',
        view === null ? 'border-line' : 'border-accent/30 bg-accent-soft/60',
      )}
    >
      <p role="status" className="flex items-baseline justify-between gap-x-4">
        {view === null ? (
          <Status value="none" word="No sync is going on" />
        ) : view.state === 'waiting' ? (
          <Status value="queued" word="Waiting for a worker" />
        ) : (
          <Status value="running" word="Syncing" />
        )}
        {kinds.length > 0 ? (
          <span className="text-ink-2 tabular-nums">
            {done} of {kinds.length} kinds
          </span>
        ) : null}
      </p>
      {isHydrated || view === null ? null : (
        <p className="only-without-scripts text-xs">
          <a href={pathname + search} className="link">
            Load again to see how far it is
          </a>
        </p>
      )}
    </div>
  )
}
