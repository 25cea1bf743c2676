import { useLocation } from '@remix-run/react'
import { formatBytes, formatCount } from '../../lib/format.ts'
import { useHydrated } from '../../lib/hydrated.ts'
import { Status } from '../ui/status.tsx'
import type { ExportPart } from './answers.ts'

/** The parts of an archive, in order, as far as they are. */
export function PartList({ parts, isUnfinished }: { parts: ExportPart[]; isUnfinished: boolean }) {
  const isHydrated = useHydrated()
  const { pathname, search } = useLocation()
  return (
    <>
      {parts.length === 0 ? (
        <p className="text-s text-ink-2">It begins as soon as a worker is free.</p>
      ) : null}
      <ol className="divide-y divide-line text-s">
        {parts.map(part => (
          <li key={part.name} className="flex items-baseline gap-2 py-1.5 first:pt-0 last:pb-0">
            <Status {...LOOKS[part.state]} hideWord />
            <span className="min-w-0 flex-1 text-ink">{part.title}</span>
            <span className="text-end text-xs text-ink-2 tabular-nums">{countsOf(part)}</span>
          </li>
        ))}
      </ol>
      {isUnfinished && !isHydrated ? (
        <p className="only-without-scripts mt-2 text-xs">
          <a href={pathname + search} className="link">
            Load again to see how far it is
          </a>
        </p>
      ) : null}
    </>
  )
}

function countsOf({ state, counted, files, bytes }: ExportPart): string {
  if (state === 'waiting') return 'next'
  const size = files === 0 ? [] : [formatCount(files, 'file'), formatBytes(bytes)]
  return [...(counted === null ? [] : [counted]), ...size].join(' · ') || 'begun'
}

const LOOKS = {
  waiting: { value: 'pending', word: 'Waiting' },
  writing: { value: 'running', word: 'Being written' },
  written: { value: 'succeeded', word: 'Written' },
} as const
