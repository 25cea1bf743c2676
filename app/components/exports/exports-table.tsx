import { formatBytes } from '../../lib/format.ts'
import { useBase } from '../../lib/organization.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Time } from '../time/time.tsx'
import { Fingerprint } from '../ui/code.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import type { ListedExport } from './answers.ts'
import { ExportStatus } from './export-status.tsx'
import { ScopeWords } from './scope-words.tsx'

/** Exports, the newest first, each with what came of it. */
export function ExportsTable({ exports }: { exports: ListedExport[] }) {
  const base = useBase()
  return (
    <DataTable
      caption="Archives"
      rows={exports}
      rowKey={each => each.exportId}
      empty={
        <EmptyState title="Nothing was exported yet">
          An archive that was asked for stands here while it is made and for seven days after.
        </EmptyState>
      }
      columns={[
        {
          key: 'requested',
          header: 'Asked for',
          isRowHeader: true,
          cell: each => (
            <div>
              <AsOfLink to={`${base}/audit/exports/${each.exportId}`} className="link">
                <Time value={each.requestedAt} />
              </AsOfLink>
              <span className="block text-xs font-normal text-ink-2">by {each.requestedBy}</span>
            </div>
          ),
        },
        { key: 'scope', header: 'Covers', cell: each => <ScopeWords {...each} /> },
        { key: 'status', header: 'State', cell: each => <ExportStatus status={each.status} /> },
        {
          key: 'bytes',
          header: 'Size',
          align: 'end',
          className: 'whitespace-nowrap',
          cell: each => (each.bytes === null ? '–' : formatBytes(each.bytes)),
        },
        {
          key: 'sha256',
          header: 'SHA-256',
          cell: each =>
            each.sha256 === null ? '–' : <Fingerprint value={each.sha256} label="Copy SHA-256" />,
        },
        {
          key: 'expires',
          header: 'Kept until',
          className: 'whitespace-nowrap',
          cell: each => (each.expiresAt ? <Time value={each.expiresAt} /> : '–'),
        },
      ]}
    />
  )
}
