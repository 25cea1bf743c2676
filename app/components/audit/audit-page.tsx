import { useSearchParams } from '@remix-run/react'
import { useAsOf } from '../../lib/as-of.ts'
import { formatNumber } from '../../lib/format.ts'
import { TimeControl } from '../time/look-back.tsx'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Pagination } from '../ui/pagination.tsx'
import type { EventsData, HeadData, StopsData } from './answers.ts'
import { AuditNav } from './audit-nav.tsx'
import { EventFilters } from './event-filters.tsx'
import { EventList } from './event-list.tsx'
import { MomentSlider } from './moment-slider.tsx'

/** Everything that happened, in order, and the way to look at any moment of it. */
export function AuditPage({ list, head, stops, isPaged }: AuditPageProps) {
  const isPast = useAsOf() !== null
  const [parameters] = useSearchParams()
  const type = parameters.get('type')
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
            positions {formatNumber(head.oldestPosition)} to {formatNumber(head.newestPosition)}
          </span>
        }
        isFlush
        footer={
          <Pagination
            parameter="before"
            first={isPaged ? '' : null}
            next={list.next === null ? null : String(list.next)}
            summary={list.next === null ? 'The beginning is reached.' : undefined}
          />
        }
      >
        <EventFilters choices={list.choices} />
        {list.events.length > 0 ? (
          <EventList events={list.events} isFolded={type !== 'EvidenceReaffirmed'} />
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

export type AuditPageProps = { list: EventsData; head: HeadData; stops: StopsData; isPaged: boolean }
