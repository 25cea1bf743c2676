import { useNavigate } from '@remix-run/react'
import History from 'lucide-react/icons/history'
import { useEffect, useId, useRef, useState } from 'react'
import { formatAsOf, useHrefWith } from '../../lib/as-of.ts'
import { formatCount, formatDateTimeUtc, formatNumber } from '../../lib/format.ts'
import { buttonClassName } from '../ui/button.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { Popover } from '../ui/popover.tsx'
import { InstantForm } from './instant-form.tsx'

/** A moment worth stopping at: something changed in the ledger there. */
export type AsOfStop = { instant: Date; position: number | bigint; label?: string }

/**
 * Says that the page looks back, to when, and offers every way on: a slider over `stops` (oldest first), the change
 * before and after, an exact instant, and now. All but the slider work without JavaScript.
 */
export function AsOfBanner(props: AsOfBannerProps) {
  const { instant, position, checkpointSize, stops = [], previous, next, notes } = props
  const id = useId()
  const hrefWith = useHrefWith()
  const here = stops.findLastIndex(stop => BigInt(stop.position) <= BigInt(position))
  const before =
    previous === undefined ? stops.findLast(stop => BigInt(stop.position) < BigInt(position)) : previous
  const after = next === undefined ? stops.find(stop => BigInt(stop.position) > BigInt(position)) : next
  const hrefOf = (stop: AsOfStop) => hrefWith({ asOf: formatAsOf(stop.instant, stop.position), cursor: null })

  return (
    <section
      aria-label="Looking back"
      className="z-20 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-m border border-past/35 bg-past-soft px-3.5 py-2 text-s text-ink-2 md:sticky md:top-0"
    >
      <p className="flex flex-wrap items-baseline gap-x-2.5">
        <strong className="font-title text-past">
          As it was on <time dateTime={instant.toISOString()}>{formatDateTimeUtc(instant)}</time>
        </strong>
        <span className="tabular-nums">position {formatNumber(position)}</span>
        {checkpointSize === undefined ? null : (
          <span className="tabular-nums">
            {checkpointSize === null
              ? 'under no checkpoint yet'
              : `under the checkpoint of ${formatCount(checkpointSize, 'event')}`}
          </span>
        )}
        <span className="sr-only">This page is read-only.</span>
      </p>
      {stops.length > 1 ? <StopSlider stops={stops} here={Math.max(0, here)} hrefOf={hrefOf} /> : null}
      <div className="ms-auto flex flex-wrap items-center gap-1.5">
        <StepLink label="‹ change" stop={before} hrefOf={hrefOf} />
        <StepLink label="change ›" stop={after} hrefOf={hrefOf} />
        <Popover
          summary={
            <span className={buttonClassName()} title="Choose an exact instant">
              <History aria-hidden />
              <span className="sr-only">Choose an exact instant</span>
            </span>
          }
        >
          <div className="w-72 max-w-[calc(100vw-3rem)] p-4">
            <InstantForm id={id} instant={instant} position={position} variant="past" />
          </div>
        </Popover>
        <PageLink
          to={hrefWith({ asOf: null, cursor: null })}
          className={buttonClassName({ variant: 'past' })}
        >
          Back to now
        </PageLink>
      </div>
      {notes !== undefined ? <p className="w-full text-xs text-ink-2">{notes}</p> : null}
    </section>
  )
}

export type AsOfBannerProps = {
  instant: Date
  position: number | bigint
  /** What the first checkpoint over the position covers; null where there is none yet. */
  checkpointSize?: number | null
  stops?: AsOfStop[]
  /** The change before and after; absent: taken from `stops`; null: there is none. */
  previous?: AsOfStop | null
  next?: AsOfStop | null
  notes?: string
}

function StopSlider({ stops, here, hrefOf }: SliderProps) {
  const navigate = useNavigate()
  const [chosen, setChosen] = useState(here)
  const timer = useRef<ReturnType<typeof setTimeout>>()
  useEffect(() => setChosen(here), [here])
  useEffect(() => () => clearTimeout(timer.current), [])
  const choose = (index: number) => {
    setChosen(index)
    clearTimeout(timer.current)
    // Dragging crosses many stops; only the one rested on is worth loading.
    timer.current = setTimeout(() => {
      const rested = stops[index]
      if (rested) navigate(hrefOf(rested), { preventScrollReset: true })
    }, 250)
  }
  const stop = stops[chosen]
  const text = stop ? `${formatDateTimeUtc(stop.instant)}${stop.label ? `: ${stop.label}` : ''}` : ''
  return (
    <span className="flex min-w-44 flex-1 items-center">
      <input
        type="range"
        min={0}
        max={stops.length - 1}
        step={1}
        value={chosen}
        aria-label="Instant"
        aria-valuetext={text}
        title={text}
        onChange={event => choose(event.currentTarget.valueAsNumber)}
        className="h-6 w-full accent-past!"
      />
    </span>
  )
}

type SliderProps = { stops: AsOfStop[]; here: number; hrefOf: (stop: AsOfStop) => string }

function StepLink({ label, stop, hrefOf }: StepLinkProps) {
  if (!stop) {
    return (
      <span aria-disabled="true" className={`${buttonClassName()} cursor-default! opacity-55`}>
        {label}
      </span>
    )
  }
  return (
    <PageLink
      to={hrefOf(stop)}
      keepsScroll
      title={stop.label ?? formatDateTimeUtc(stop.instant)}
      className={buttonClassName()}
    >
      {label}
    </PageLink>
  )
}

type StepLinkProps = { label: string; stop: AsOfStop | null | undefined; hrefOf: (stop: AsOfStop) => string }
