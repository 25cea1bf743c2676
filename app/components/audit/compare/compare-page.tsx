import { formatNumber } from '../../../lib/format.ts'
import { useBase } from '../../../lib/organization.ts'
import { AsOfLink } from '../../time/as-of-link.tsx'
import { TimeControl } from '../../time/look-back.tsx'
import { Time } from '../../time/time.tsx'
import { Card } from '../../ui/card.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { ComparisonData, HeadData } from '../answers.ts'
import { AuditNav } from '../audit-nav.tsx'
import { ChangedControls } from './changed-controls.tsx'
import { ChangedAlerts, ChangedExceptions } from './changed-decisions.tsx'
import { ChangedPopulations } from './changed-populations.tsx'
import { ChangedConnections, ChangedMembers } from './changed-standings.tsx'
import { ChooseMoment } from './choose-moment.tsx'
import { CoverageChange } from './coverage-change.tsx'

/** What is otherwise now, or at the moment being shown, than at another. */
export function ComparePage({ head, comparison, refusal }: ComparePageProps) {
  return (
    <>
      <PageHeader
        title="Compare two moments"
        description="What joined, changed and left between them: coverage with its reasons, populations, policies, connections, exceptions, alerts and members."
        right={<TimeControl />}
      />
      <AuditNav />
      <ChooseMoment head={head} against={comparison?.against ?? null} refusal={refusal} />
      {comparison ? <Difference comparison={comparison} /> : null}
    </>
  )
}

export type ComparePageProps = {
  head: HeadData
  /** Null before a moment was chosen. */
  comparison: ComparisonData | null
  refusal: string | null
}

function Difference({ comparison }: { comparison: ComparisonData }) {
  const { before, after, controls, populations, connections, members, sameControls } = comparison
  const { exceptions, alerts } = comparison
  const lists = [controls, populations, connections, members, exceptions.items, alerts.items]
  const isSame = lists.every(({ length }) => length === 0)
  return (
    <>
      <p className="text-m text-ink-2">
        From <Moment {...before} /> to <Moment {...after} />:{' '}
        <Between before={before.position} after={after.position} />
      </p>
      <CoverageChange coverage={comparison.coverage} />
      {isSame ? (
        <Card>
          <EmptyState title="Nothing differs">
            At both moments the same was known, and the same was judged of it.
          </EmptyState>
        </Card>
      ) : null}
      {controls.length > 0 ? <ChangedControls controls={controls} same={sameControls} /> : null}
      {populations.length > 0 ? <ChangedPopulations populations={populations} /> : null}
      {connections.length > 0 ? <ChangedConnections connections={connections} /> : null}
      {exceptions.count > 0 ? <ChangedExceptions exceptions={exceptions} /> : null}
      {alerts.count > 0 ? <ChangedAlerts alerts={alerts} /> : null}
      {members.length > 0 ? <ChangedMembers members={members} /> : null}
    </>
  )
}

function Moment({ instant, position }: ComparisonData['before']) {
  return (
    <span className="whitespace-nowrap">
      <Time value={instant} className="font-semibold text-ink tabular-nums" />{' '}
      <span className="text-ink-3">(position {formatNumber(position)})</span>
    </span>
  )
}

/** The way to the events that made the difference. */
function Between({ before, after }: { before: number; after: number }) {
  const base = useBase()
  const count = after - before
  if (count === 0) return <>no event in between, time alone.</>
  return (
    <>
      <AsOfLink to={`${base}/audit?before=${after + 1}`} className="link">
        {formatNumber(count)} {count === 1 ? 'event' : 'events'}
      </AsOfLink>{' '}
      in between.
    </>
  )
}
