import { useAsOf } from '../../lib/as-of.ts'
import { useHeld } from '../../lib/held.ts'
import { useBase } from '../../lib/organization.ts'
import { NewsLine } from '../live/news-line.tsx'
import { AsOfLink } from '../time/as-of-link.tsx'
import { TimeControl } from '../time/look-back.tsx'
import { Card } from '../ui/card.tsx'
import { CsvLink } from '../ui/csv-link.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { StatusIcon } from '../ui/status-icon.tsx'
import { AlertItem } from './alert-item.tsx'
import type { AlertList } from './answers.ts'

/** What is open, with what to do about it, and what is over. */
export function AlertsPage({ list: newest }: { list: AlertList }) {
  const base = useBase()
  const isPast = useAsOf() !== null
  const { shown, isBehind, catchUp } = useHeld(newest, JSON.stringify)
  const { open, past, canAcknowledge, canReceive } = shown
  return (
    <>
      <PageHeader
        title="Alerts"
        description="What turned and needs somebody: told once, once a day again while it stays so, and once more when it is over."
        right={
          <>
            {canReceive ? (
              <AsOfLink to={`${base}/settings/alerts`} className="link">
                Where alerts go
              </AsOfLink>
            ) : null}
            <CsvLink path="/alerts.csv" />
            <TimeControl />
          </>
        }
      />
      {isPast ? null : (
        <NewsLine
          isBehind={isBehind}
          words="Show what changed"
          calm="What opens or ends while you read is told here."
          onShow={catchUp}
        />
      )}
      <Card id="open" title={isPast ? `Open then (${open.length})` : `Open (${open.length})`}>
        {open.length === 0 ? (
          <p className="flex items-center gap-2 text-s text-ink-2">
            <StatusIcon shape="check" className="text-pass" />
            {isPast ? 'Nothing was open.' : 'Nothing is open.'}
          </p>
        ) : (
          <ol className="divide-y divide-line">
            {open.map(alert => (
              <AlertItem key={alert.id} alert={alert} canAcknowledge={canAcknowledge} />
            ))}
          </ol>
        )}
      </Card>
      <Card id="past" title="Over">
        {past.length === 0 ? (
          <EmptyState title="No alert is over yet">
            Alerts that end are kept here with what ended them.
          </EmptyState>
        ) : (
          <ol className="divide-y divide-line">
            {past.map(alert => (
              <AlertItem key={alert.id} alert={alert} canAcknowledge={false} />
            ))}
          </ol>
        )}
      </Card>
    </>
  )
}
