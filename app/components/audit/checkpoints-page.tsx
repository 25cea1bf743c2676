import { useAsOf } from '../../lib/as-of.ts'
import type { FormRefusal } from '../../lib/form-action.ts'
import { formatCount } from '../../lib/format.ts'
import { useBase } from '../../lib/organization.ts'
import { TimeControl } from '../time/look-back.tsx'
import { Time } from '../time/time.tsx'
import { Card } from '../ui/card.tsx'
import { Fingerprint } from '../ui/code.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Pagination } from '../ui/pagination.tsx'
import type { CheckpointComparisonData, CheckpointsData, VerificationData } from './answers.ts'
import { AuditNav } from './audit-nav.tsx'
import { CompareCard } from './compare-checkpoint-card.tsx'
import { KeysCard } from './keys-card.tsx'
import { NewestCheckpoint } from './newest-checkpoint.tsx'
import { VerifyCard } from './verify-card.tsx'

/** What makes the log provable to somebody who does not trust this database: signed checkpoints, and their comparison. */
export function CheckpointsPage({
  list,
  newest,
  isPaged,
  verifications,
  comparison,
  refusal,
}: CheckpointsPageProps) {
  const isPast = useAsOf() !== null
  return (
    <>
      <PageHeader
        title="Checkpoints"
        description="A checkpoint says how many events the log had and which root they give, signed by a key outside this database. Whoever keeps one can tell later whether anything that it covers was changed."
        right={<TimeControl />}
      />
      <AuditNav />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <NewestCheckpoint newest={newest} list={list} />
        {isPast ? null : <CompareCard comparison={comparison} refusal={refusal} />}
      </div>
      {isPast ? null : <VerifyCard verifications={verifications} refusal={refusal} />}
      {list.keys.length > 0 ? <KeysCard list={list} /> : null}
      <Card
        id="checkpoints"
        title="All checkpoints"
        isFlush
        footer={
          <Pagination
            parameter="before"
            label="Pages of checkpoints"
            first={isPaged ? '' : null}
            next={list.next === null ? null : String(list.next)}
            summary={list.next === null ? 'The first one is reached.' : undefined}
          />
        }
      >
        <DataTable
          caption="Checkpoints, newest first"
          rows={list.checkpoints}
          rowKey={row => String(row.size)}
          columns={[coversColumn, signedColumn, rootColumn, keyColumn, downloadColumn]}
          empty={
            <EmptyState title="No checkpoint yet">
              The first one is signed about a minute after the first event was recorded.
            </EmptyState>
          }
        />
      </Card>
    </>
  )
}

export type CheckpointsPageProps = {
  list: CheckpointsData
  /** The newest of all, also where another page of the list is shown. */
  newest: Row | null
  isPaged: boolean
  verifications: VerificationData[]
  comparison: CheckpointComparisonData | null
  refusal: FormRefusal | undefined
}

type Row = CheckpointsData['checkpoints'][number]

const coversColumn: Column<Row> = {
  key: 'covers',
  header: 'Covers',
  isRowHeader: true,
  cell: ({ size }) => formatCount(size, 'event'),
}

const signedColumn: Column<Row> = {
  key: 'signed',
  header: 'Signed',
  cell: ({ signedAt }) => <Time value={signedAt} />,
}

const rootColumn: Column<Row> = {
  key: 'root',
  header: 'Root',
  isHiddenOnPhone: true,
  cell: ({ root }) => <Fingerprint value={root} label="Copy root" />,
}

const keyColumn: Column<Row> = {
  key: 'key',
  header: 'Key',
  isHiddenOnPhone: true,
  cell: ({ keyId }) => <code className="font-mono text-xs">{keyId}</code>,
}

const downloadColumn: Column<Row> = {
  key: 'download',
  header: 'File',
  isHeaderHidden: true,
  align: 'end',
  cell: row => <DownloadLink size={row.size} />,
}

function DownloadLink({ size }: { size: number }) {
  const base = useBase()
  return (
    <a href={`${base}/audit/checkpoints/${size}`} download className="link">
      Download<span className="sr-only"> the checkpoint of {formatCount(size, 'event')}</span>
    </a>
  )
}
