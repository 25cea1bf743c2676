import { useAsOf } from '../../lib/as-of.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Badge } from '../ui/badge.tsx'
import { buttonClassName } from '../ui/button.tsx'
import type { ListedConnector } from './answers.ts'

/** A connector in the catalogue. */
export function ConnectorTile({ base, connector, canConnect }: ConnectorTileProps) {
  const isPast = useAsOf() !== null
  return (
    <article className="flex flex-col gap-3 rounded-m border border-line bg-surface p-4">
      <header className="flex flex-wrap items-start gap-x-3 gap-y-1.5">
        <h3 className="min-w-0 flex-1 text-l font-title tracking-tight">{connector.name}</h3>
        <Badge tone="accent">{connector.category}</Badge>
      </header>
      <p className="text-s text-ink-2">{connector.summary}</p>
      <p className="text-xs text-ink-3">
        {connector.authorizationMethod} · {connector.cadence} · {connector.kinds} kinds of evidence
      </p>
      <div className="mt-auto pt-1">
        <AsOfLink
          to={`${base}/${connector.id}`}
          className={buttonClassName({ variant: canConnect && !isPast ? 'primary' : 'secondary' })}
        >
          {canConnect && !isPast ? 'Connect a directory' : 'What it reads'}
          <span className="sr-only">: {connector.name}</span>
        </AsOfLink>
      </div>
    </article>
  )
}

type ConnectorTileProps = { base: string; connector: ListedConnector; canConnect: boolean }
