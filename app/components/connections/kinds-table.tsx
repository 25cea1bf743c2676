import { formatNumber } from '../../lib/format.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Time } from '../time/time.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Status } from '../ui/status.tsx'
import type { Connection } from './answers.ts'

type Kind = Connection['kinds'][number]

/** How each kind of evidence stands: what the last run found, and how old the last success is. */
export function KindsTable({ organizationBase, kinds, isRevoked }: KindsTableProps) {
  return (
    <DataTable
      caption="Evidence by kind"
      rows={kinds}
      rowKey={kind => kind.kind}
      columns={[
        {
          key: 'title',
          header: 'Evidence',
          isRowHeader: true,
          cell: kind => (
            <AsOfLink
              needs="evidence:read"
              to={`${organizationBase}/evidence/kind/${kind.kind}`}
              className="hover:text-accent hover:underline"
            >
              {kind.title}
              {kind.cadence === 'daily' ? <span className="font-normal text-ink-3"> once a day</span> : null}
            </AsOfLink>
          ),
        },
        {
          key: 'state',
          header: 'Last read',
          cell: kind => <Found kind={kind} />,
        },
        {
          key: 'items',
          header: 'Items',
          align: 'end',
          cell: kind =>
            kind.items === null
              ? '–'
              : `${formatNumber(kind.items)}${kind.mode === 'feed' ? ' in the last window' : ''}`,
        },
        {
          key: 'lastSuccessAt',
          header: 'Last success',
          cell: kind => (kind.lastSuccessAt ? <Time value={kind.lastSuccessAt} mode="relative" /> : '–'),
        },
        {
          key: 'freshness',
          header: 'Freshness',
          cell: kind =>
            isRevoked ? <span className="text-ink-3">no longer read</span> : <Age kind={kind} />,
        },
      ]}
    />
  )
}

type KindsTableProps = { organizationBase: string; kinds: Kind[]; isRevoked: boolean }

function Found({ kind }: { kind: Kind }) {
  if (kind.state === 'waiting') return <Status value="pending" word="Not read yet" />
  if (kind.state === 'not_offered') return <Status value="unavailable" word="Not offered by this cloud" />
  if (kind.state === 'unavailable') {
    return (
      <div className="max-w-md max-sm:text-end">
        <Status
          value={kind.isSettled ? 'unavailable' : 'failed'}
          word={kind.isSettled ? 'No licence' : (REASONS[kind.reason ?? ''] ?? 'Failed')}
        />
        {kind.explanation ? <p className="text-xs text-ink-2">{kind.explanation}</p> : null}
      </div>
    )
  }
  return <Status value="succeeded" word={kind.state === 'collected' ? 'Collected' : 'Same as before'} />
}

function Age({ kind }: { kind: Kind }) {
  if (kind.isSettled) return <span className="text-ink-3">does not come</span>
  return kind.freshness === 'never' ? (
    <Status value="no_data" word="Never read" />
  ) : (
    <Status value={kind.freshness} />
  )
}

const REASONS: Record<string, string> = {
  licence: 'Licence in doubt',
  scope: 'Permission missing',
  role: 'Role missing',
  throttled: 'Slowed down',
  unavailable: 'No answer',
  malformed: 'Unusable answer',
}
