import { formatNumber } from '../../lib/format.ts'
import { useBase } from '../../lib/organization.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Time } from '../time/time.tsx'
import { Card } from '../ui/card.tsx'
import { Fingerprint } from '../ui/code.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Pagination } from '../ui/pagination.tsx'
import type { KindData } from './answers.ts'

type Row = KindData['history']['rows'][number]

/** What was attached of a kind, newest first. Runs that found the same attached nothing and are not in it. */
export function HistoryTable({ history, isPaged }: { history: KindData['history']; isPaged: boolean }) {
  const base = useBase()
  return (
    <Card
      id="history"
      title="What was attached"
      isFlush
      footer={
        <Pagination
          label="Pages of the history"
          parameter="before"
          first={isPaged ? '' : null}
          next={history.next === null ? null : String(history.next)}
          summary="A run that finds the same attaches nothing: it renews the freshness of what stands."
        />
      }
    >
      <DataTable
        caption="Attached rows, newest first"
        rows={history.rows}
        rowKey={row => row.id}
        empty={<EmptyState title="Nothing was attached yet" />}
        columns={[
          {
            key: 'attached',
            header: 'Attached',
            isRowHeader: true,
            cell: row => (
              <AsOfLink to={`${base}/evidence/${row.id}`} className="text-accent hover:underline">
                <Time value={row.attachedAt} />
              </AsOfLink>
            ),
          },
          { key: 'changes', header: 'What changed', cell: row => <Changes row={row} /> },
          { key: 'items', header: 'Items', align: 'end', cell: row => formatNumber(row.itemCount) },
          { key: 'position', header: 'Position', align: 'end', cell: row => formatNumber(row.position) },
          {
            key: 'fingerprint',
            header: 'Fingerprint',
            isHiddenOnPhone: true,
            cell: row => <Fingerprint value={row.fingerprint} />,
          },
        ]}
      />
    </Card>
  )
}

function Changes({ row: { changes, isFirst, window, cause } }: { row: Row }) {
  if (isFirst && window === null) return <span className="text-ink-2">First collection</span>
  const { joined, changed, left } = changes
  const words = [
    joined > 0 && `${formatNumber(joined)} ${window ? 'new' : 'joined'}`,
    changed > 0 && `${formatNumber(changed)} changed`,
    left > 0 && `${formatNumber(left)} left`,
  ].filter(Boolean)
  if (cause === 'collector') words.push('read differently')
  return (
    <span className={words.length === 0 ? 'text-ink-3' : undefined}>{words.join(', ') || 'Nothing new'}</span>
  )
}
