import { Form } from '@remix-run/react'
import RefreshCw from 'lucide-react/icons/refresh-cw'
import { useNow } from '../../lib/clock.ts'
import type { FormRefusal } from '../../lib/form-action.ts'
import { formatCount } from '../../lib/format.ts'
import { useReloadWhenDue } from '../../lib/reload.ts'
import { FreshnessRing } from '../charts/freshness-ring.tsx'
import { Countdown } from '../time/countdown.tsx'
import { Time } from '../time/time.tsx'
import { SubmitButton } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Card } from '../ui/card.tsx'
import { FormError } from '../ui/form-error.tsx'
import type { ConnectionPage, ConnectorCard } from './answers.ts'
import { SyncProgress } from './sync-progress.tsx'
import type { SyncView } from './use-sync-progress.ts'

/** Where the connection stands: what it needs, how fresh it is, what goes on, and what can be done about it. */
export function StateCard({ page, card, view, refusal }: StateCardProps) {
  const { connection, can, nextSyncAt, schedule, newestEndedRun } = page
  const { attention, status } = connection
  useReloadWhenDue(status === 'connected' && view === null ? nextSyncAt : null)
  return (
    <Card title="State" id="state">
      <div className="grid gap-4">
        {attention ? (
          <Callout
            tone="fail"
            title={attention.title}
            action={
              can.manage && attention.remedy === 'reauthorize' ? (
                <Reauthorize signIn={card.signIn} isPrimary />
              ) : undefined
            }
          >
            <p>{attention.explanation}</p>
            <p className="text-ink-2">
              Nothing is collected until then: the hours in between stay gaps in the evidence.
              {attention.code ? ` ${card.signIn}’s code: ${attention.code}.` : ''}
            </p>
            {can.manage && attention.remedy !== 'reauthorize' ? (
              <p>
                <a href="#secret" className="link">
                  Replace the secret
                </a>{' '}
                once it is mended, or authorize again below.
              </p>
            ) : null}
          </Callout>
        ) : null}
        <div className="flex items-center gap-3">
          <Ring page={page} />
          <p className="text-s text-ink-2">
            <Freshness page={page} />
          </p>
        </div>
        {status === 'connected' && page.asOf.isNow ? <SyncProgress view={view} /> : null}
        {status === 'connected' ? (
          <p className="text-s text-ink-2">
            {schedule}.{' '}
            {nextSyncAt ? (
              <Countdown until={nextSyncAt} before="Next sync" past="The next sync is due" />
            ) : null}
          </p>
        ) : null}
        {page.daily && status === 'connected' ? <Daily daily={page.daily} /> : null}
        {refusal ? <FormError message={refusal.message} fieldErrors={refusal.fields} /> : null}
        {can.sync || can.manage ? (
          <div className="flex flex-wrap gap-2 empty:hidden">
            {can.sync && status === 'connected' ? (
              <Form method="post" preventScrollReset>
                <input type="hidden" name="afterRun" value={newestEndedRun ?? ''} />
                <SubmitButton
                  intent="sync"
                  variant={view ? 'secondary' : 'primary'}
                  disabled={view !== null}
                  icon={<RefreshCw aria-hidden />}
                >
                  Sync now
                </SubmitButton>
              </Form>
            ) : null}
            {can.manage && attention?.remedy !== 'reauthorize' ? <Reauthorize signIn={card.signIn} /> : null}
          </div>
        ) : null}
      </div>
    </Card>
  )
}

type StateCardProps = {
  page: ConnectionPage
  card: Pick<ConnectorCard, 'signIn'>
  view: SyncView | null
  refusal: FormRefusal | undefined
}

function Reauthorize({ signIn, isPrimary = false }: { signIn: string; isPrimary?: boolean }) {
  return (
    <Form method="post">
      <SubmitButton
        intent="reauthorize"
        variant={isPrimary ? 'primary' : 'secondary'}
        pendingLabel={`Going to ${signIn} …`}
      >
        Authorize again
      </SubmitButton>
    </Form>
  )
}

/** What is read once a day goes its own way: it takes long, and nothing waits for it. */
function Daily({ daily: { titles, schedule, nextSyncAt, newestRun, progress } }: { daily: DailySyncs }) {
  const items = progress.reduce((sum, kind) => sum + kind.items, 0)
  return (
    <p className="text-s text-ink-2">
      {new Intl.ListFormat('en').format(titles)}: {schedule.charAt(0).toLowerCase() + schedule.slice(1)}.{' '}
      {newestRun?.outcome === 'running' ? (
        <>Being read now, {formatCount(items, 'item')} so far.</>
      ) : nextSyncAt ? (
        <Countdown until={nextSyncAt} before="Next" past="Due" />
      ) : (
        'Not scheduled yet; this is made up for within the hour.'
      )}
    </p>
  )
}

type DailySyncs = NonNullable<ConnectionPage['daily']>

function Freshness({ page: { connection, newestRun } }: { page: ConnectionPage }) {
  const { lastSuccessAt, staleAt, status, freshness, revokedAt } = connection
  if (revokedAt) {
    return (
      <>
        Revoked <Time value={revokedAt} />. Its credential is destroyed; everything it collected is kept.
      </>
    )
  }
  if (lastSuccessAt === null) {
    return newestRun?.finishedAt ? (
      <>No run has brought anything yet.</>
    ) : (
      <>Nothing was collected yet. The first sync begins by itself.</>
    )
  }
  return (
    <>
      Last success <Time value={lastSuccessAt} mode="relative" />.{' '}
      {staleAt && freshness === 'fresh' ? (
        <>
          <strong className="font-semibold text-ink">
            <Countdown until={staleAt} before="Stale" past="Stale" />
          </strong>{' '}
          if nothing comes.
        </>
      ) : (
        <strong className="font-semibold text-stale">
          {freshness === 'expired' ? 'The evidence has expired.' : 'Some of the evidence is stale.'}
        </strong>
      )}
      {status === 'needs_attention' ? ' Nothing will come by itself.' : ''}
    </>
  )
}

const HOUR = 3_600_000

function Ring({ page: { connection } }: { page: ConnectionPage }) {
  const now = useNow()
  const { staleAt, status, kinds } = connection
  if (status === 'revoked' || now === null) return null
  const successes = kinds.flatMap(kind =>
    kind.isSettled || kind.cadence !== 'hourly' || !kind.lastSuccessAt ? [] : [kind.lastSuccessAt.getTime()],
  )
  const left = staleAt === null ? 0 : Math.max(0, staleAt.getTime() - now.getTime())
  const span = staleAt === null ? 1 : staleAt.getTime() - Math.min(...successes)
  const label = left > 0 ? `${Math.round(left / HOUR)} hours until stale` : 'Not fresh'
  return <FreshnessRing share={left / span} label={label} tone={left > HOUR ? 'accent' : 'stale'} size={44} />
}
