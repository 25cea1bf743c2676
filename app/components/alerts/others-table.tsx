import { DataTable } from '../ui/data-table.tsx'
import { Attempts } from '../webhooks/attempts.tsx'
import type { AlertChannels } from './answers.ts'

/** Who else chose mails, for who looks after the organization's channels. */
export function OthersTable({ others, kinds }: Pick<AlertChannels, 'others' | 'kinds'>) {
  return (
    <DataTable
      caption="Mails to other members"
      rows={others}
      rowKey={other => other.receiver}
      columns={[
        { key: 'receiver', header: 'Goes to', isRowHeader: true, cell: ({ receiver }) => receiver },
        {
          key: 'causes',
          header: 'Alerts',
          cell: ({ causes }) =>
            causes.length === kinds.length ? 'All' : `${causes.length} of ${kinds.length} sorts`,
        },
        {
          key: 'attempts',
          header: 'Outcome',
          cell: ({ attempts }) => <Attempts attempts={attempts} isSubjectShown />,
        },
      ]}
    />
  )
}
