import { formatCount } from '../../../lib/format.ts'
import { useBase } from '../../../lib/organization.ts'
import { AsOfLink } from '../../time/as-of-link.tsx'
import { Card } from '../../ui/card.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Status, statusLook } from '../../ui/status.tsx'
import type { ComparisonData } from '../answers.ts'

type Control = ComparisonData['controls'][number]

/** Each control that stood otherwise, or for another reason. */
export function ChangedControls({ controls, same }: { controls: readonly Control[]; same: number }) {
  const base = useBase()
  return (
    <Card
      id="controls"
      title="Controls"
      isFlush
      footer={same > 0 ? `${formatCount(same, 'control')} stood the same, for the same reason.` : undefined}
    >
      <DataTable
        caption="Controls that stood otherwise"
        rows={controls}
        rowKey={control => control.id}
        columns={[
          {
            key: 'control',
            header: 'Control',
            isRowHeader: true,
            cell: ({ id, title }) => (
              <AsOfLink to={`${base}/controls/${id}`} className="link">
                <span className="tabular-nums">{id}</span> {title}
              </AsOfLink>
            ),
          },
          { key: 'before', header: 'Before', cell: ({ before }) => <Then then={before} /> },
          { key: 'after', header: 'After', cell: ({ after }) => <Then then={after} /> },
        ]}
      />
    </Card>
  )
}

function Then({ then }: { then: Control['before'] }) {
  if (then === null) return <span className="text-ink-3">Not in the catalogue then</span>
  const { state, words, because } = then
  const word = state === 'stale' || state === 'expired' ? statusLook(state).word : words
  return (
    <div>
      <Status value={state} word={word} />
      <p className="max-w-prose text-xs text-ink-2">{because}</p>
    </div>
  )
}
