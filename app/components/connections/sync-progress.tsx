import { useLocation } from '@remix-run/react'
import { formatCount } from '../../lib/format.ts'
import { useHydrated } from '../../lib/hydrated.ts'
import { Status } from '../ui/status.tsx'
import type { SyncView } from './use-sync-progress.ts'

/** A run as it goes on: pages and items of each kind as they come. Without JavaScript it is a still with a way to a newer one. */
export function SyncProgress({ view }: { view: SyncView }) {
  const isHydrated = useHydrated()
  const { pathname, search } = useLocation()
  const done = view.kinds.filter(kind => kind.state === 'read' || kind.state === 'failed').length
  return (
    <div className="rounded-s border border-accent/30 bg-accent-soft/60 px-3 py-2.5">
      <p role="status" className="flex flex-wrap items-baseline justify-between gap-x-4 text-s">
        {view.state === 'waiting' ? (
          <Status value="queued" word="Waiting for a worker" />
        ) : (
          <Status value="running" word="Syncing" />
        )}
        {view.kinds.length > 0 ? (
          <span className="text-ink-2 tabular-nums">
            {done} of {view.kinds.length} kinds
          </span>
        ) : null}
      </p>
      {view.kinds.length > 0 ? (
        <ul className="mt-2 grid gap-x-6 gap-y-1 sm:grid-cols-2">
          {view.kinds.map(kind => (
            <li key={kind.kind} className="flex items-baseline gap-2 text-s">
              <Status {...LOOKS[kind.state]} hideWord />
              <span className="min-w-0 flex-1 truncate text-ink">{kind.title}</span>
              <span className="text-xs text-ink-2 tabular-nums">
                {kind.state === 'waiting' ? 'next' : countsOf(kind)}
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      {isHydrated ? null : (
        <p className="mt-2 text-xs">
          <a href={pathname + search} className="link">
            Load again to see how far it is
          </a>
        </p>
      )}
    </div>
  )
}

const countsOf = ({ pages, items }: SyncView['kinds'][number]) =>
  pages > 0 ? `${formatCount(items, 'item')}, ${formatCount(pages, 'page')}` : formatCount(items, 'item')

const LOOKS = {
  waiting: { value: 'pending', word: 'Waiting' },
  reading: { value: 'running', word: 'Reading' },
  read: { value: 'succeeded', word: 'Read' },
  failed: { value: 'failed', word: 'Not read' },
} as const
