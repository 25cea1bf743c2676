import DatabaseZap from 'lucide-react/icons/database-zap'
import { useAsOf } from '../../lib/as-of.ts'
import { formatNumber } from '../../lib/format.ts'
import { useBase } from '../../lib/organization.ts'
import { FreshnessWord } from '../controls/freshness-word.tsx'
import { AsOfLink } from '../time/as-of-link.tsx'
import { TimeControl } from '../time/look-back.tsx'
import { LinkButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Fingerprint } from '../ui/code.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Status } from '../ui/status.tsx'
import type { EvidenceListData, KindStateData } from './answers.ts'
import { FreshnessLine } from './freshness-line.tsx'
import { KindSummary } from './kind-summary.tsx'

/** Every kind of every directory: how much is held, what it says, how old it is, and its fingerprint. */
export function EvidenceOverview({ sources }: Pick<EvidenceListData, 'sources'>) {
  return (
    <>
      <PageHeader
        title="Evidence"
        description="What was collected of each kind. Every row is immutable, carries a fingerprint, and says where it came from."
        right={<TimeControl />}
      />
      {sources.length === 0 ? <NothingConnected /> : null}
      {sources.map(source => (
        <section key={source.sourceId} aria-labelledby={`source-${source.sourceId}`} className="grid gap-3">
          <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
            <h2 id={`source-${source.sourceId}`} className="text-m font-semibold break-words">
              {source.connectorName}{' '}
              <span className="inline-block font-normal text-ink-2">{source.externalTenantId}</span>
            </h2>
            <ConnectionState status={source.status} />
          </div>
          <ul className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
            {source.kinds.map(state => (
              <li key={state.kind} className="grid">
                <KindCard
                  state={state}
                  sourceQuery={sources.length > 1 ? `?source=${source.sourceId}` : ''}
                />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}

function KindCard({ state, sourceQuery }: { state: KindStateData; sourceQuery: string }) {
  const base = useBase()
  const { kind, title, evidence, unavailable } = state
  return (
    <Card
      title={
        <AsOfLink
          to={`${base}/evidence/kind/${kind}${sourceQuery}`}
          className="text-m text-ink hover:text-accent hover:underline"
        >
          {title}
        </AsOfLink>
      }
      action={<FreshnessWord value={state.freshness} />}
    >
      <div className="grid gap-3.5">
        {evidence ? (
          <>
            {kind === 'security_defaults' ? null : (
              <p className="text-figure leading-none font-title tracking-tight tabular-nums">
                {formatNumber(state.populationCount)}
                <span className="ms-1.5 text-s font-normal tracking-normal text-ink-2">
                  {state.mode === 'feed' ? 'since the beginning' : 'held'}
                </span>
              </p>
            )}
            {state.mode === 'feed' ? null : <KindSummary kind={kind} summary={evidence.summary} isCompact />}
          </>
        ) : null}
        {unavailable ? <p className="text-s text-unknown">{unavailable.title}.</p> : null}
        <FreshnessLine state={state} />
        {evidence ? (
          <p className="flex flex-wrap items-center gap-x-2 border-t border-line pt-3 text-xs text-ink-3">
            Fingerprint <Fingerprint value={evidence.fingerprint} />
          </p>
        ) : null}
      </div>
    </Card>
  )
}

function ConnectionState({ status }: { status: string }) {
  if (status === 'revoked') return <Status value="revoked" />
  return <Status value={status === 'connected' ? 'connected' : 'needs_attention'} />
}

function NothingConnected() {
  const base = useBase()
  const isPast = useAsOf() !== null
  return (
    <Card>
      <EmptyState
        icon={<DatabaseZap aria-hidden />}
        title={isPast ? 'Nothing was connected at this instant' : 'Nothing is connected yet'}
        action={
          isPast ? undefined : (
            <LinkButton to={`${base}/settings/integrations`} variant="primary">
              Connect a directory
            </LinkButton>
          )
        }
      >
        Evidence comes from a connected directory, every hour. The first sync takes a minute or two.
      </EmptyState>
    </Card>
  )
}
