import { useSearchParams } from '@remix-run/react'
import { useAsOf } from '../../lib/as-of.ts'
import { formatCount, formatNumber } from '../../lib/format.ts'
import { useFurtherPages } from '../../lib/further-pages.ts'
import { useHeld } from '../../lib/held.ts'
import { useBase } from '../../lib/organization.ts'
import { NewsLine } from '../live/news-line.tsx'
import { TimeControl } from '../time/look-back.tsx'
import { Card } from '../ui/card.tsx'
import { CsvLink } from '../ui/csv-link.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ListEnd, useIsScrolled } from '../ui/long-list.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Pagination } from '../ui/pagination.tsx'
import type { EventsData, HeadData, StopsData } from './answers.ts'
import { AuditNav } from './audit-nav.tsx'
import { EventFilters } from './event-filters.tsx'
import { EventList } from './event-list.tsx'
import { MomentSlider } from './moment-slider.tsx'

/** Everything that happened, in order, and the way to look at any moment of it. */
export function AuditPage({ list: newest, head, stops, isPaged }: AuditPageProps) {
  const isPast = useAsOf() !== null
  const [parameters] = useSearchParams()
  const type = parameters.get('type')
  const { shown: list, isBehind, catchUp } = useHeld(newest, firstOf)
  const { pages, isLoading, loadNext } = useFurtherPages(list, `${useBase()}/audit/rows`, {
    parameter: 'before',
    beginning: String(firstOf(list)),
  })
  const events = pages.flatMap(page => page.events)
  const next = pages.at(-1)?.next ?? null
  // Whoever scrolls has rows in the place of the link, which each page of them would push away.
  const isGrowing = useIsScrolled() && next !== null
  return (
    <>
      <PageHeader
        title="Audit trail"
        description="Every event in the order in which it was recorded. Nothing is ever changed or taken out; names are looked up as they are today."
        right={<TimeControl />}
      />
      <AuditNav />
      {isPast ? null : <MomentSlider stops={stops} head={head} />}
      <Card
        id="events"
        title="Events"
        action={
          <span className="text-ink-2 tabular-nums">
            positions {formatNumber(head.oldestPosition)} to {formatNumber(head.newestPosition)}{' '}
            <CsvLink path="/audit.csv" />
          </span>
        }
        isFlush
        footer={
          isGrowing ? undefined : (
            <Pagination
              parameter="before"
              first={isPaged ? '' : null}
              next={next === null ? null : String(next)}
              summary={next === null ? 'The beginning is reached.' : undefined}
            />
          )
        }
      >
        <EventFilters choices={list.choices} />
        {isPast || isPaged ? null : (
          <div className="px-4 pb-2">
            <NewsLine
              isBehind={isBehind}
              words={`Show ${newWords(list, newest)}`}
              calm="What is recorded while you read is told here."
              onShow={catchUp}
            />
          </div>
        )}
        {events.length > 0 ? (
          <>
            <EventList pages={pages.map(page => page.events)} isFolded={type !== 'EvidenceReaffirmed'} />
            <ListEnd
              of={list.events.length}
              shown={events.length}
              total={null}
              isSeen={false}
              isLoading={isLoading}
              onReached={loadNext}
            />
          </>
        ) : (
          <div className="border-t border-line">
            <EmptyState title="No event is like this">
              Nothing of what was chosen happened {isPast ? 'up to this moment' : 'so far'}.
            </EmptyState>
          </div>
        )}
      </Card>
    </>
  )
}

const firstOf = ({ events }: EventsData) => events[0]?.position ?? 0

/** How much came since a list was loaded; where it is more than a page, how much at least. */
function newWords(shown: EventsData, { events }: EventsData): string {
  const count = events.filter(({ position }) => position > firstOf(shown)).length
  return count < events.length ? formatCount(count, 'new event') : `${count} or more new events`
}

export type AuditPageProps = { list: EventsData; head: HeadData; stops: StopsData; isPaged: boolean }
