import { useBase } from '../../../lib/organization.ts'
import { AsOfLink } from '../../time/as-of-link.tsx'
import { Card } from '../../ui/card.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Status } from '../../ui/status.tsx'
import type { ComparisonData } from '../answers.ts'

type Connection = ComparisonData['connections'][number]

/** Connections that were made, ended, or stood otherwise. */
export function ChangedConnections({ connections }: { connections: readonly Connection[] }) {
  const base = useBase()
  return (
    <Card id="connections" title="Connections" isFlush>
      <DataTable
        caption="Connections that stood otherwise"
        rows={connections}
        rowKey={connection => connection.sourceId}
        columns={[
          {
            key: 'source',
            header: 'Directory',
            isRowHeader: true,
            cell: ({ source, connectorName, connectionId }) => (
              <AsOfLink to={`${base}/settings/integrations/connections/${connectionId}`} className="link">
                {source} <span className="font-normal text-ink-2">{connectorName}</span>
              </AsOfLink>
            ),
          },
          { key: 'before', header: 'Before', cell: ({ before }) => <Standing then={before} /> },
          { key: 'after', header: 'After', cell: ({ after }) => <Standing then={after} /> },
        ]}
      />
    </Card>
  )
}

function Standing({ then }: { then: Connection['before'] }) {
  if (then === null) return <span className="text-ink-3">Not connected yet</span>
  return (
    <div>
      <Status value={then.status} />
      <p className="text-xs break-words text-ink-2">{then.grantedScopes.join(', ')}</p>
    </div>
  )
}

/** Who joined, left, or is something else. */
export function ChangedMembers({ members }: { members: ComparisonData['members'] }) {
  return (
    <Card id="members" title="Members" isFlush>
      <DataTable
        caption="Members who joined, left or have another role"
        rows={members}
        rowKey={member => member.userId}
        columns={[
          { key: 'name', header: 'Name', isRowHeader: true, cell: ({ name }) => name },
          { key: 'before', header: 'Before', cell: ({ before }) => before ?? 'Not a member' },
          { key: 'after', header: 'After', cell: ({ after }) => after ?? 'Not a member' },
        ]}
      />
    </Card>
  )
}
