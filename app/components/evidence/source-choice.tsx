import { useHrefWith } from '../../lib/as-of.ts'
import { classNames } from '../../lib/class-names.ts'
import { PageLink } from '../ui/page-link.tsx'
import type { KindData } from './answers.ts'

/** Chooses between the connected directories, where there is more than one. */
export function SourceChoice({ sourceId, sources }: SourceChoiceProps) {
  const hrefWith = useHrefWith()
  if (sources.length < 2) return null
  return (
    <nav aria-label="Directories" className="flex flex-wrap gap-2 text-s">
      {sources.map(other => (
        <PageLink
          key={other.sourceId}
          to={hrefWith({ source: other.sourceId, cursor: null, before: null })}
          aria-current={other.sourceId === sourceId ? 'page' : undefined}
          className={classNames(
            'rounded-s border px-2.5 py-1',
            other.sourceId === sourceId
              ? 'border-accent bg-accent-soft font-semibold text-accent'
              : 'border-line-strong text-ink-2 hover:bg-sunken',
          )}
        >
          {other.connectorName} {other.externalTenantId.slice(0, 8)}
        </PageLink>
      ))}
    </nav>
  )
}

type SourceChoiceProps = { sourceId: string; sources: Readonly<KindData['sources']> }
