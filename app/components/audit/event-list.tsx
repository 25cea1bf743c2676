import ChevronDown from 'lucide-react/icons/chevron-down'
import History from 'lucide-react/icons/history'
import { formatDateLocal, formatDateUtc, formatNumber } from '../../lib/format.ts'
import { useHydrated } from '../../lib/hydrated.ts'
import { useBase } from '../../lib/organization.ts'
import { usePlace } from '../../lib/places.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Time, UtcMark } from '../time/time.tsx'
import { Badge } from '../ui/badge.tsx'
import { CodeBlock, Fingerprint } from '../ui/code.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { PageLink } from '../ui/page-link.tsx'
import type { Tone } from '../ui/tone.ts'
import type { EventData } from './answers.ts'

/**
 * Events by day, newest first: a sentence each, and behind it what was recorded. What a sync found the same as before
 * is folded into one row unless it was asked for, page by page: a row that stands stays as it is when more come.
 */
export function EventList({ pages, isFolded }: { pages: EventData[][]; isFolded: boolean }) {
  const isHydrated = useHydrated()
  const { region } = usePlace<HTMLDivElement>('events', true)
  return (
    <div ref={region} className="grid">
      {byDay(pages, isHydrated).map(({ day, parts }) => (
        <section key={day} aria-label={day}>
          <h3 className="border-t border-line bg-sunken px-4 py-1.5 text-xs font-semibold text-ink-2">
            {day}
            {isHydrated ? null : <UtcMark />}
          </h3>
          <ol className="divide-y divide-line">
            {parts
              .flatMap(part => (isFolded ? foldReaffirmed(part) : part.map(event => [event])))
              .map(run => (
                <EventRows key={run[0]?.position} events={run} />
              ))}
          </ol>
        </section>
      ))}
    </div>
  )
}

function EventRows({ events }: { events: readonly EventData[] }) {
  const [first] = events
  const last = events.at(-1)
  if (!first || !last) return null
  if (events.length === 1) return <EventRow event={first} />
  return (
    <li className="text-s">
      <details className="group">
        <summary className="bare-summary grid cursor-pointer gap-x-4 px-4 py-2 text-ink-2 hover:bg-sunken/60 hover:text-ink sm:grid-cols-[8.5rem_minmax(0,1fr)]">
          <span className="grid text-ink-3 max-sm:hidden">
            <Time value={first.recordedAt} className="text-ink-2 tabular-nums" />
            <span className="tabular-nums">
              {formatNumber(last.position)} to {formatNumber(first.position)}
            </span>
          </span>
          <span className="flex items-start gap-1">
            {events.length} reads found the same as before
            <ChevronDown
              aria-hidden
              className="mt-0.5 size-4 flex-none transition-transform group-open:rotate-180"
            />
          </span>
        </summary>
        <ol className="divide-y divide-line border-t border-line bg-sunken/40">
          {events.map(event => (
            <EventRow key={event.position} event={event} />
          ))}
        </ol>
      </details>
    </li>
  )
}

function EventRow({ event }: { event: EventData }) {
  const base = useBase()
  const { position, actor, aboutName } = event
  return (
    <li
      id={`event-${position}`}
      className="skips-out-of-sight grid gap-x-4 gap-y-1 px-4 py-2.5 text-s sm:grid-cols-[8.5rem_minmax(0,1fr)_auto] target:bg-accent-soft/60"
    >
      <div className="flex gap-3 text-ink-3 sm:grid sm:content-start sm:gap-0">
        <Time value={event.recordedAt} className="text-ink-2 tabular-nums" />
        <AsOfLink
          to={`${base}/audit/${position}`}
          className="inline-flex min-h-6 items-center tabular-nums hover:text-accent hover:underline"
        >
          position {formatNumber(position)}
        </AsOfLink>
      </div>
      <div className="grid min-w-0 content-start gap-1">
        <p className="break-words text-ink">
          {event.words}
          {aboutName ? <span className="text-ink-2"> It concerns {aboutName}.</span> : null}
        </p>
        <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-xs text-ink-3">
          <Badge tone={toneOf(event)}>{event.typeWords}</Badge>
          <span>by {actor.name}</span>
          {event.evidenceId ? (
            <AsOfLink to={`${base}/evidence/${event.evidenceId}`} className="link">
              evidence
            </AsOfLink>
          ) : null}
          <div className="min-w-0 has-[details[open]]:basis-full">
            <Disclosure summary={<span className="text-xs">What was recorded</span>}>
              <CodeBlock value={event.payload} label="payload" />
            </Disclosure>
          </div>
        </div>
      </div>
      <div className="flex items-start gap-2">
        <span className="max-lg:hidden">
          <Fingerprint value={event.leafHash} label="Copy leaf hash" head={6} tail={4} />
        </span>
        <PageLink
          to={`${base}?asOf=${encodeURIComponent(event.asOfText)}`}
          className="inline-flex min-h-6 items-center gap-1 rounded-s text-past hover:underline"
        >
          <History aria-hidden className="size-4" />
          <span>As of this</span>
          <span className="sr-only"> event: see the whole product</span>
        </PageLink>
      </div>
    </li>
  )
}

/** What went wrong stands out, and what brought something new. */
function toneOf({ type, streamType }: EventData): Tone {
  if (TROUBLE.includes(type)) return 'fail'
  return type === 'EvidenceAttached' || streamType === 'connection' ? 'accent' : 'none'
}

const TROUBLE = ['EvidenceUnavailable', 'SyncFailed', 'ReauthorizationRequired', 'ConnectionRevoked']

/** Neighbours that say "the same as before" together; everything else alone. */
function foldReaffirmed(events: readonly EventData[]): EventData[][] {
  const runs: EventData[][] = []
  for (const event of events) {
    const last = runs.at(-1)
    const before = last?.at(-1)
    if (last && event.type === 'EvidenceReaffirmed' && before?.type === event.type) last.push(event)
    else runs.push([event])
  }
  return runs
}

/**
 * Each day with its events, apart where another page of them begins.
 * @param isLocal by the days of the reader's zone, as {@link Time} shows them once the page is awake
 */
function byDay(pages: EventData[][], isLocal: boolean): { day: string; parts: EventData[][] }[] {
  const days: { day: string; parts: EventData[][] }[] = []
  for (const page of pages) {
    let part: EventData[] = []
    for (const event of page) {
      const day = isLocal ? formatDateLocal(event.recordedAt) : formatDateUtc(event.recordedAt)
      const last = days.at(-1)
      if (last?.day === day && last.parts.at(-1) === part) part.push(event)
      else {
        part = [event]
        if (last?.day === day) last.parts.push(part)
        else days.push({ day, parts: [part] })
      }
    }
  }
  return days
}
