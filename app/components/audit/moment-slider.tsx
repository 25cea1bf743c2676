import { useNavigate } from '@remix-run/react'
import { useId, useState } from 'react'
import { formatDateTimeUtc, formatNumber } from '../../lib/format.ts'
import { useHydrated } from '../../lib/hydrated.ts'
import { useBase } from '../../lib/organization.ts'
import { InstantForm } from '../time/instant-form.tsx'
import { Time } from '../time/time.tsx'
import { Button, buttonClassName } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { PageLink } from '../ui/page-link.tsx'
import type { HeadData, StopsData } from './answers.ts'

/** The way to any moment: a slider over what mattered, an exact instant, and, without JavaScript, the last stops as links. */
export function MomentSlider({ stops, head }: { stops: StopsData; head: HeadData }) {
  const id = useId()
  const isHydrated = useHydrated()
  return (
    <Card id="moment" title="See the whole product as it was">
      <div className="grid gap-4">
        {stops.length > 1 ? (
          <div className="noscript:hidden">
            <Slider stops={stops} />
          </div>
        ) : null}
        {stops.length > 1 && isHydrated ? null : (
          <div className={stops.length > 1 ? 'only-without-scripts' : undefined}>
            <LatestStops stops={stops} />
          </div>
        )}
        <div className="flex flex-wrap items-end justify-between gap-3 border-t border-line pt-3">
          <InstantForm id={id} instant={head.newestAt} />
          <p className="text-xs text-ink-3">
            The log begins <Time value={head.oldestAt} mode="date" /> and holds {formatNumber(head.size)}{' '}
            events.
          </p>
        </div>
      </div>
    </Card>
  )
}

function Slider({ stops }: { stops: StopsData }) {
  const base = useBase()
  const navigate = useNavigate()
  const [chosen, setChosen] = useState(stops.length - 1)
  const stop = stops[Math.min(chosen, stops.length - 1)]
  if (!stop) return null
  const when = formatDateTimeUtc(stop.at)
  const hrefOf = (path: string) => `${base}${path}?asOf=${encodeURIComponent(stop.text)}`
  const step = (by: number) => setChosen(Math.max(0, Math.min(stops.length - 1, chosen + by)))
  return (
    <div className="grid gap-2">
      <div className="flex items-center gap-2">
        <Button size="s" onClick={() => step(-1)}>
          <span aria-hidden="true">‹</span>
          <span className="sr-only">Moment before</span>
        </Button>
        <input
          type="range"
          min={0}
          max={stops.length - 1}
          value={chosen}
          aria-label="Moment"
          aria-valuetext={`${when}: ${stop.label}`}
          onChange={event => setChosen(event.currentTarget.valueAsNumber)}
          onKeyDown={event => {
            if (event.key === 'Enter') navigate(hrefOf('/audit'))
          }}
          className="h-6 min-w-0 flex-1 accent-past!"
        />
        <Button size="s" onClick={() => step(1)}>
          <span aria-hidden="true">›</span>
          <span className="sr-only">Moment after</span>
        </Button>
      </div>
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <p aria-live="polite" className="min-h-10 min-w-0 flex-1 basis-72 text-s text-ink-2">
          <strong className="font-semibold text-past tabular-nums">{when}</strong>{' '}
          <span className="text-ink-3 tabular-nums">position {formatNumber(stop.position)}</span>
          <br />
          {stop.label}
        </p>
        <span className="flex flex-wrap gap-2">
          <PageLink to={hrefOf('')} className={buttonClassName({ variant: 'past' })}>
            Look at it
          </PageLink>
          <PageLink to={hrefOf('/audit')} className={buttonClassName()}>
            Stay on this page
          </PageLink>
        </span>
      </div>
    </div>
  )
}

const SHOWN = 6

function LatestStops({ stops }: { stops: StopsData }) {
  const base = useBase()
  return (
    <ul className="grid grid-cols-[minmax(0,1fr)] text-s">
      {stops
        .slice(-SHOWN)
        .reverse()
        .map(stop => (
          <li key={stop.text} className="flex gap-3">
            <PageLink
              to={`${base}?asOf=${encodeURIComponent(stop.text)}`}
              className="link flex-none py-1 whitespace-nowrap"
            >
              {formatDateTimeUtc(stop.at)}
            </PageLink>
            <span className="min-w-0 truncate py-1 text-ink-2">{stop.label}</span>
          </li>
        ))}
    </ul>
  )
}
