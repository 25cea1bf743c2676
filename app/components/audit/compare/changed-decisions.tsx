import { formatCount } from '../../../lib/format.ts'
import { useBase } from '../../../lib/organization.ts'
import { EXCEPTION_STATES } from '../../decisions/exception-states.ts'
import { AsOfLink } from '../../time/as-of-link.tsx'
import { Time } from '../../time/time.tsx'
import { Card } from '../../ui/card.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Status } from '../../ui/status.tsx'
import type { ComparisonData } from '../answers.ts'

type Exceptions = ComparisonData['exceptions']
type ExceptionState = Exceptions['items'][number]['after']

/** Exceptions that were asked for, decided, or ran out. */
export function ChangedExceptions({ exceptions: { count, items } }: { exceptions: Exceptions }) {
  const base = useBase()
  return (
    <Card
      id="exceptions"
      title="Exceptions"
      isFlush
      footer={items.length < count ? `The newest ${items.length} of ${count} are shown.` : undefined}
    >
      <DataTable
        caption="Exceptions that stood otherwise"
        rows={items}
        rowKey={({ exceptionId }) => exceptionId}
        columns={[
          {
            key: 'subject',
            header: 'What is left out, and why',
            isRowHeader: true,
            cell: ({ subject, controlId, reason }) => (
              <div className="grid gap-0.5">
                <AsOfLink to={`${base}/controls/${controlId}`} className="link break-words">
                  {subject} <span className="font-normal text-ink-2">{controlId}</span>
                </AsOfLink>
                <span className="font-normal break-words text-ink-2">“{reason}”</span>
              </div>
            ),
          },
          { key: 'before', header: 'Before', cell: ({ before }) => <Standing state={before} /> },
          {
            key: 'after',
            header: 'After',
            cell: ({ after, expiresAt }) => (
              <div className="grid gap-0.5">
                <Standing state={after} />
                <span className="text-xs text-ink-2">
                  {after === 'expired' ? 'since' : 'until'} <Time value={expiresAt} />
                </span>
              </div>
            ),
          },
        ]}
      />
    </Card>
  )
}

function Standing({ state }: { state: ExceptionState | null }) {
  if (state === null) return <span className="text-ink-3">Not asked for yet</span>
  return <Status {...EXCEPTION_STATES[state]} />
}

/** Alerts that were raised or ended. */
export function ChangedAlerts({ alerts: { count, items } }: { alerts: ComparisonData['alerts'] }) {
  const base = useBase()
  return (
    <Card
      id="alerts"
      title="Alerts"
      isFlush
      action={
        <AsOfLink to={`${base}/alerts`} className="link text-s">
          {formatCount(count, 'alert')}
        </AsOfLink>
      }
      footer={
        items.length < count ? `${items.length} of ${count} are shown, those that are open first.` : undefined
      }
    >
      <DataTable
        caption="Alerts that were raised or ended"
        rows={items}
        rowKey={({ alertId }) => alertId}
        columns={[
          { key: 'title', header: 'Alert', isRowHeader: true, cell: ({ title }) => title },
          {
            key: 'before',
            header: 'Before',
            cell: ({ wasOpen }) => (wasOpen ? 'Open' : <span className="text-ink-3">Not raised yet</span>),
          },
          {
            key: 'after',
            header: 'After',
            cell: ({ since, ended }) =>
              ended ? (
                <div className="grid gap-0.5">
                  <span>
                    Over since <Time value={ended.at} />
                  </span>
                  <span className="text-xs text-ink-2">{ended.words}</span>
                </div>
              ) : (
                <span>
                  Open since <Time value={since} />
                </span>
              ),
          },
        ]}
      />
    </Card>
  )
}
