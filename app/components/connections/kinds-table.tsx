import { formatNumber } from '../../lib/format.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Time } from '../time/time.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Status } from '../ui/status.tsx'
import type { Connection } from './answers.ts'
import type { SyncView } from './use-sync-progress.ts'

type Kind = Connection['kinds'][number]

/**
 * How each kind of evidence stands: what the last run found, and how old the last success is. Of a run that goes on,
 * pages and items show in their rows as they come.
 */
export function KindsTable({ organizationBase, kinds, progress, isRevoked }: KindsTableProps) {
  const readNow = (kind: Kind) => progress.find(each => each.kind === kind.kind)
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
          width: 'w-[24%]',
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
          width: 'w-[32%]',
          cell: kind => <Found kind={kind} now={readNow(kind)} />,
        },
        {
          key: 'items',
          header: 'Items',
          align: 'end',
          width: 'w-[18%]',
          cell: kind => <Items kind={kind} now={readNow(kind)} />,
        },
        {
          key: 'lastSuccessAt',
          header: 'Last success',
          width: 'w-[14%]',
          cell: kind => (kind.lastSuccessAt ? <Time value={kind.lastSuccessAt} mode="relative" /> : '–'),
        },
        {
          key: 'freshness',
          header: 'Freshness',
          width: 'w-[12%]',
          cell: kind =>
            isRevoked ? <span className="text-ink-3">no longer read</span> : <Age kind={kind} />,
        },
      ]}
    />
  )
}

type KindsTableProps = {
  organizationBase: string
  kinds: Kind[]
  /** What the run in flight has read so far; empty while none is. */
  progress: SyncView['kinds']
  isRevoked: boolean
}

/** A kind, and how far the run in flight is with it. */
type RowProps = { kind: Kind; now: SyncView['kinds'][number] | undefined }

function Found({ kind, now }: RowProps) {
  if (now) {
    const { value, word } = READ_NOW[now.state]
    const isPaged = now.state === 'reading' && now.pages > 0
    return <Status value={value} word={isPaged ? `${word}, page ${formatNumber(now.pages + 1)}` : word} />
  }
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

function Items({ kind, now }: RowProps) {
  if (now && now.state !== 'waiting') return formatNumber(now.items)
  if (kind.items === null) return '–'
  return `${formatNumber(kind.items)}${kind.mode === 'feed' ? ' in the last window' : ''}`
}

function Age({ kind }: { kind: Kind }) {
  if (kind.isSettled) return <span className="text-ink-3">does not come</span>
  return kind.freshness === 'never' ? (
    <Status value="no_data" word="Never read" />
  ) : (
    <Status value={kind.freshness} />
  )
}

const READ_NOW = {
  waiting: { value: 'pending', word: 'Next' },
  reading: { value: 'running', word: 'Reading' },
  read: { value: 'succeeded', word: 'Read' },
  failed: { value: 'failed', word: 'Not read' },
} as const

const REASONS: Record<string, string> = {
  licence: 'Licence in doubt',
  scope: 'Permission missing',
  role: 'Role missing',
  throttled: 'Slowed down',
  unavailable: 'No answer',
  malformed: 'Unusable answer',
}
