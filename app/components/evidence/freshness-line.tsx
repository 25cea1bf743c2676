import { useNow } from '../../lib/clock.ts'
import { FreshnessRing } from '../charts/freshness-ring.tsx'
import { Countdown } from '../time/countdown.tsx'
import { Time } from '../time/time.tsx'
import type { KindStateData } from './answers.ts'

/** How old a kind is: a ring that empties, when it last came, and when it turns stale or how long it has been. */
export function FreshnessLine({ state }: { state: KindStateData }) {
  const now = useNow()
  const { freshness, lastSuccessAt, staleAt, expiredAt } = state
  if (lastSuccessAt === null || staleAt === null || expiredAt === null) {
    return <p className="text-s text-ink-3">Nothing was collected yet.</p>
  }
  const left = now === null ? 0 : staleAt.getTime() - now.getTime()
  const share = left / (staleAt.getTime() - lastSuccessAt.getTime())
  return (
    <div className="flex items-center gap-2.5 text-s text-ink-2">
      <FreshnessRing share={share} label={LABELS[freshness]} tone={TONES[freshness]} size={26} />
      <p>
        <Time value={lastSuccessAt} mode="relative" />
        {' · '}
        {freshness === 'expired' ? (
          <Countdown until={expiredAt} before="expires" past="expired" />
        ) : (
          <Countdown until={staleAt} before="stale" past="stale" />
        )}
      </p>
    </div>
  )
}

const TONES = { fresh: 'accent', stale: 'stale', expired: 'fail', never: 'fail' } as const
const LABELS = { fresh: 'Fresh', stale: 'Stale', expired: 'Expired', never: 'Nothing collected yet' }
