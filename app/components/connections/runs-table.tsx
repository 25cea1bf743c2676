import { formatDuration, formatNumber } from '../../lib/format.ts'
import { Time } from '../time/time.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Pagination } from '../ui/pagination.tsx'
import { Status } from '../ui/status.tsx'
import type { Run, RunPage } from './answers.ts'

/** A connection's runs, the newest first, with what each brought. */
export function RunsTable({ runs, next, isFirst }: Pick<RunPage, 'runs' | 'next'> & { isFirst: boolean }) {
  return (
    <>
      <DataTable
        caption="Runs"
        rows={runs}
        rowKey={run => run.id}
        empty={<EmptyState title="No run yet">The first one begins as soon as a worker is free.</EmptyState>}
        columns={[
          {
            key: 'startedAt',
            header: 'Started',
            isRowHeader: true,
            className: 'whitespace-nowrap',
            width: 'w-40',
            cell: run => <Time value={run.startedAt} />,
          },
          { key: 'outcome', header: 'Outcome', width: 'w-32', cell: run => <Status value={run.outcome} /> },
          {
            key: 'trigger',
            header: 'Why',
            width: 'w-32',
            className: 'whitespace-nowrap',
            cell: run =>
              run.trigger === 'schedule' && run.cadence === 'daily'
                ? 'Daily'
                : (TRIGGERS[run.trigger] ?? run.trigger),
          },
          { key: 'brought', header: 'Brought', cell: run => <Brought run={run} /> },
          {
            key: 'took',
            header: 'Took',
            width: 'w-24',
            align: 'end',
            className: 'whitespace-nowrap',
            cell: run => (run.finishedAt ? took(run.startedAt, run.finishedAt) : '–'),
          },
        ]}
      />
      <div className="border-t border-line px-4 py-3 empty:hidden">
        <Pagination first={isFirst ? null : ''} next={next === null ? null : String(next)} />
      </div>
    </>
  )
}

function Brought({ run }: { run: Run }) {
  if (run.explanation) return <span className="text-ink-2">{run.explanation}</span>
  if (run.outcome === 'running') return <span className="text-ink-3">still reading</span>
  const collected = run.kinds.filter(kind => kind.outcome === 'collected')
  const reaffirmed = run.kinds.filter(kind => kind.outcome === 'reaffirmed')
  const unread = run.kinds.filter(kind => kind.outcome === 'unavailable')
  const parts = [
    collected.length > 0 && collected.map(withItems).join(', '),
    reaffirmed.length > 0 &&
      (collected.length + unread.length > 0
        ? `${reaffirmed.length} ${reaffirmed.length === 1 ? 'kind' : 'kinds'} same as before`
        : 'all same as before'),
    unread.length > 0 &&
      `not read: ${unread.map(kind => `${kind.title} (${kind.reason ?? 'failed'})`).join(', ')}`,
  ].filter(part => part !== false)
  return <span className="text-ink-2">{parts.join('; ') || '–'}</span>
}

const withItems = ({ title, items }: Run['kinds'][number]) =>
  items === null ? title : `${title}: ${items === 0 ? 'none' : formatNumber(items)}`

function took(from: Date, to: Date) {
  const milliseconds = to.getTime() - from.getTime()
  return milliseconds < 1_000 ? '< 1 s' : formatDuration(milliseconds)
}

const TRIGGERS: Record<string, string> = {
  connect: 'After a sign-in',
  schedule: 'Hourly',
  manual: 'Asked for',
  sweep: 'Caught up',
}
