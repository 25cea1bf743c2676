import ChevronRight from 'lucide-react/icons/chevron-right'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Time } from '../time/time.tsx'
import { Status } from '../ui/status.tsx'
import type { Connection } from './answers.ts'

/** The organization's connections as a list of links, each with what stands out about it. */
export function ConnectionRows({ base, connections }: { base: string; connections: Connection[] }) {
  return (
    <ul className="divide-y divide-line">
      {connections.map(connection => (
        <li key={connection.id}>
          <AsOfLink
            to={`${base}/connections/${connection.id}`}
            className="flex items-center gap-3 px-4 py-3 hover:bg-sunken/60"
          >
            <span className="grid min-w-0 flex-1 gap-x-6 gap-y-1 sm:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)_auto] sm:items-center">
              <span className="min-w-0">
                <span className="block font-semibold text-ink">{connection.connector.name}</span>
                <span className="block truncate font-mono text-xs text-ink-3">
                  {connection.externalTenantId}
                </span>
              </span>
              <span className="text-s text-ink-2">
                <Notice connection={connection} />
              </span>
              <span className="flex flex-wrap items-center gap-x-3 gap-y-1 sm:justify-end">
                {connection.status === 'connected' && connection.freshness !== 'never' ? (
                  <Status value={connection.freshness} />
                ) : null}
                <Status value={connection.status} isSoft />
              </span>
            </span>
            <ChevronRight aria-hidden className="size-4 flex-none text-ink-3" />
          </AsOfLink>
        </li>
      ))}
    </ul>
  )
}

/** The one thing to know about a connection, most urgent first. */
function Notice({ connection }: { connection: Connection }) {
  const { attention, revokedAt, missingScopes, excessScopes, secret, lastSuccessAt } = connection
  if (revokedAt) {
    return (
      <>
        Revoked <Time value={revokedAt} mode="relative" />; its evidence is kept
      </>
    )
  }
  if (attention) return <>{attention.title}</>
  if (secret.state === 'expired') return <>The client secret has expired</>
  if (secret.state === 'urgent' || secret.state === 'near' || secret.state === 'soon') {
    return <>Client secret ends in {secret.daysLeft === 1 ? 'a day' : `${secret.daysLeft} days`}</>
  }
  if (missingScopes.length > 0) return <>Missing {missingScopes.join(', ')}</>
  if (excessScopes.length > 0) return <>May read more than needed: {excessScopes.join(', ')}</>
  if (lastSuccessAt === null) return <>The first sync is on its way</>
  return (
    <>
      Synced <Time value={lastSuccessAt} mode="relative" />
    </>
  )
}
