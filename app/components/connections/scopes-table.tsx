import { Time } from '../time/time.tsx'
import { Code } from '../ui/code.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Status, type StatusValue } from '../ui/status.tsx'
import type { ConnectionPage, ConnectorCard } from './answers.ts'

type Scope = ConnectionPage['scopes'][number]

/** Every permission, required or granted: where the two differ, what that means and what to do. */
export function ScopesTable({ scopes, seenAt, card }: ScopesTableProps) {
  return (
    <>
      <DataTable
        caption="Permissions: required against granted"
        rows={scopes}
        rowKey={({ scope }) => scope}
        columns={[
          {
            key: 'scope',
            header: 'Permission',
            isRowHeader: true,
            cell: ({ scope }) => <Code value={scope} copyLabel={`Copy ${scope}`} />,
          },
          {
            key: 'required',
            header: 'Required',
            className: 'whitespace-nowrap',
            cell: scope => (isRequired(scope) ? 'yes' : 'no'),
          },
          {
            key: 'state',
            header: 'Granted',
            className: 'whitespace-nowrap',
            cell: ({ state }) => <Status {...LOOKS[state]} />,
          },
          {
            key: 'meaning',
            header: 'What it means',
            cell: scope => <span className="text-ink-2">{meaningOf(scope, card.permissions)}</span>,
          },
        ]}
      />
      <p className="border-t border-line px-4 py-3 text-xs text-ink-2">
        Seen with the refresh of <Time value={seenAt} />. Every sync looks again, and a change is an event.
      </p>
    </>
  )
}

type ScopesTableProps = {
  scopes: Scope[]
  seenAt: Date
  card: Pick<ConnectorCard, 'permissions'>
}

const LOOKS: Record<Scope['state'], { value: StatusValue; word: string }> = {
  granted: { value: 'pass', word: 'Granted' },
  missing: { value: 'fail', word: 'Missing' },
  excess: { value: 'needs_attention', word: 'Granted, not needed' },
  beyond_reading: { value: 'fail', word: 'Granted, refused' },
}

const isRequired = ({ state }: Scope) => state === 'granted' || state === 'missing'

function meaningOf({ state, kinds }: Scope, permissions: string): string {
  const titles = new Intl.ListFormat('en').format(kinds)
  switch (state) {
    case 'granted':
      return `${titles} ${kinds.length === 1 ? 'is' : 'are'} read with it.`
    case 'missing':
      return `Without it ${titles} cannot be read. An administrator adds it under ${permissions} and grants consent; then authorize again.`
    case 'excess':
      return `Only reads, but is more than required: AC-16 fails until it is removed under ${permissions}.`
    case 'beyond_reading':
      return `Can do more than read, so no sync runs and no token is kept. An administrator removes it under ${permissions}; then authorize again.`
  }
}
