import { useParams } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { useBase } from '../../lib/organization.ts'
import { TimeControl } from '../time/look-back.tsx'
import { Breadcrumbs } from '../ui/breadcrumbs.tsx'
import { buttonClassName } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Card } from '../ui/card.tsx'
import { CsvLink } from '../ui/csv-link.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { Status } from '../ui/status.tsx'
import type { ConnectionPage, ConnectorCard, RunPage } from './answers.ts'
import { HistoryList } from './history-list.tsx'
import { IdentityCard } from './identity-card.tsx'
import { KindsTable } from './kinds-table.tsx'
import { RevokeCard } from './revoke-card.tsx'
import { RunsTable } from './runs-table.tsx'
import { ScopesTable } from './scopes-table.tsx'
import { SecretCard } from './secret-card.tsx'
import { StateCard } from './state-card.tsx'
import { useSyncProgress } from './use-sync-progress.ts'

/** One connection: where it stands, what it brings, what it may do, and its end. */
export function ConnectionView({ page, runs, isFirst, card, done, after, refusal }: ConnectionViewProps) {
  const { connection, scopes, can } = page
  const { organization = '' } = useParams()
  const base = useBase()
  const integrations = `${base}/settings/integrations`
  const isRunning = page.asOf.isNow && page.newestRun?.outcome === 'running'
  const told = done !== null && Object.hasOwn(DONE, done) ? DONE[done] : undefined
  const isExpected = page.asOf.isNow && isRunExpected(page, done === 'sync' ? after : null)
  const live = useSyncProgress({
    organization,
    connectionId: connection.id,
    afterRun: page.newestEndedRun,
    isFollowed: isRunning || isExpected,
  })
  const still = isRunning
    ? { state: 'running' as const, kinds: page.progress }
    : isExpected
      ? { state: 'waiting' as const, kinds: [] }
      : null
  const view = live ?? still
  const isRevoked = connection.status === 'revoked'
  const refusalOf = (intent: string) => (refusal?.intent === intent ? refusal : undefined)
  return (
    <>
      <PageHeader
        breadcrumbs={
          <Breadcrumbs
            items={[{ label: 'Integrations', to: integrations }, { label: connection.connector.name }]}
          />
        }
        title={connection.connector.name}
        mark={<Status value={connection.status} isSoft />}
        right={<TimeControl />}
      />
      {told && refusal === undefined ? (
        <Callout tone="success" role="status">
          {told(card)}
        </Callout>
      ) : null}
      {isRevoked && page.asOf.isNow ? (
        <Callout
          title="This connection is revoked: its credential is destroyed, what it collected is kept"
          action={
            <PageLink to={`${integrations}/${connection.connector.id}`} className={buttonClassName()}>
              Connect again
            </PageLink>
          }
        >
          <p>Its controls have no data from that instant on. {card.afterRevoking}</p>
        </Callout>
      ) : null}
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.2fr)]">
        <StateCard
          page={page}
          card={card}
          view={view}
          refusal={refusalOf('sync') ?? refusalOf('reauthorize')}
        />
        <IdentityCard page={page} />
      </div>
      <Card title="Evidence by kind" isFlush>
        <KindsTable
          organizationBase={base}
          kinds={connection.kinds}
          progress={view?.kinds ?? []}
          isRevoked={isRevoked}
        />
      </Card>
      <Card
        title="Runs"
        action={<CsvLink path={`/settings/integrations/connections/${connection.id}/runs.csv`} />}
        isFlush
      >
        <RunsTable runs={runs.runs} next={runs.next} isFirst={isFirst} />
      </Card>
      <Card title={isRevoked ? 'Permissions, as last seen' : 'Permissions: required against granted'} isFlush>
        <ScopesTable scopes={scopes} seenAt={page.scopesSeenAt} card={card} />
      </Card>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <div className="grid gap-4">
          <Card title="What happened to this connection">
            <HistoryList organizationBase={base} history={page.history} />
          </Card>
        </div>
        <div className="grid gap-4">
          {isRevoked ? null : (
            <SecretCard
              secret={connection.secret}
              card={card}
              canReplace={can.manage}
              refusal={refusalOf('replace_secret')}
            />
          )}
          {page.revocation ? (
            <RevokeCard
              revocation={page.revocation}
              afterRevoking={card.afterRevoking}
              refusal={refusalOf('revoke')}
            />
          ) : null}
        </div>
      </div>
    </>
  )
}

type ConnectionViewProps = {
  page: ConnectionPage
  runs: RunPage
  isFirst: boolean
  card: ConnectorCard
  /** What was just done, and after which run a sync was asked for. */
  done: string | null
  after: string | null
  refusal: FormRefusal | undefined
}

/** Whether a run is on its way that nobody has begun yet: one was asked for, or a step was taken that brings one. */
function isRunExpected(
  { history, newestRun, newestEndedRun, connection }: ConnectionPage,
  after: string | null,
) {
  if (connection.status !== 'connected') return false
  if (after !== null) return after === (newestEndedRun ?? '')
  const [step] = history
  return (
    step !== undefined && BRINGS_RUN.has(step.type) && (newestRun === null || newestRun.startedAt < step.at)
  )
}

const BRINGS_RUN = new Set(['ConnectionConnected', 'ConnectionReauthorized', 'ClientSecretReplaced'])

/** A sync that was asked for and a connection that was revoked show by themselves. */
const DONE: Record<string, (card: ConnectorCard) => string> = {
  connected: () => 'Connected. Evidence comes by itself from now on, every hour.',
  reauthorized: () => 'Authorized again. Evidence comes again, every hour.',
  secret: card => `The new secret is in place; the old one can be deleted in ${card.console}.`,
  running: () => 'A sync was running already; it was not doubled.',
}
