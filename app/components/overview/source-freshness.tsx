import { useBase } from '../../lib/organization.ts'
import { FreshnessRing } from '../charts/freshness-ring.tsx'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Countdown } from '../time/countdown.tsx'
import { Time } from '../time/time.tsx'
import type { OverviewData } from './overview.tsx'

type Source = OverviewData['sources'][number]

/** How old a directory's evidence is, as a ring that empties and as words that count down. */
export function SourceFreshness({ source }: { source: Source }) {
  const base = useBase()
  return (
    <div className="flex items-center gap-3 text-s text-ink-2">
      <FreshnessRing share={source.share} label={ringLabel(source)} tone={TONES[source.state]} />
      <p className="min-w-0">
        <AsOfLink
          to={`${base}/settings/integrations/connections/${source.connectionId}`}
          className="font-medium break-words text-ink hover:underline"
        >
          {source.label}
        </AsOfLink>{' '}
        <Synced source={source} />
        <br />
        <Ageing source={source} />
      </p>
    </div>
  )
}

function Synced({ source: { status, newestSuccessAt, nextSyncAt } }: { source: Source }) {
  if (status === 'revoked') return <>is no longer connected.</>
  if (newestSuccessAt === null) return <>is connected; the first sync is under way.</>
  return (
    <>
      synced <Time value={newestSuccessAt} mode="relative" />
      {nextSyncAt !== null && status === 'connected' ? (
        <>
          , next <Time value={nextSyncAt} mode="relative" />
        </>
      ) : null}
      .
    </>
  )
}

function Ageing({ source: { status, state, staleAt, expiredAt } }: { source: Source }) {
  if (status === 'revoked' || staleAt === null || expiredAt === null) return null
  if (state === 'fresh') {
    return (
      <>
        <b className="font-semibold text-ink">
          <Countdown until={staleAt} before="Stale" past="Stale" />
        </b>{' '}
        if nothing comes.
      </>
    )
  }
  if (state === 'stale') {
    return (
      <>
        <b className="font-semibold text-stale">
          <Countdown until={staleAt} before="Stale" past="Stale" />
        </b>
        . <Countdown until={expiredAt} before="Expired" past="Expired" /> if nothing comes.
      </>
    )
  }
  return (
    <b className="font-semibold text-fail">
      <Countdown until={expiredAt} before="Expired" past="Expired" />
    </b>
  )
}

const TONES = { fresh: 'accent', stale: 'stale', expired: 'fail', never: 'fail' } as const

function ringLabel({ state, share }: Source): string {
  if (state === 'fresh') return `Fresh, ${Math.round(share * 100)} % of the time until stale is left`
  return { stale: 'Stale', expired: 'Expired', never: 'Nothing collected yet' }[state]
}
