import { Form } from '@remix-run/react'
import { formatNumber } from '../../lib/format.ts'
import { Time } from '../time/time.tsx'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { type Attempt, Attempts } from '../webhooks/attempts.tsx'
import { CADENCE_WORDS } from './cadence-field.tsx'

/** Who gets checkpoints, what was sent last, and what came of it. */
export function SubscriptionsTable({ subscriptions }: { subscriptions: readonly ListedSubscription[] }) {
  return (
    <DataTable
      caption="Subscriptions"
      rows={subscriptions}
      rowKey={subscription => subscription.id}
      empty={
        <EmptyState title="Nobody gets checkpoints yet">
          A checkpoint that stays here proves little to somebody who does not trust us. Let one leave.
        </EmptyState>
      }
      columns={[
        {
          key: 'receiver',
          header: 'Goes to',
          isRowHeader: true,
          cell: ({ receiver, isOwn }) => (
            <span className="break-all">
              {receiver} {isOwn ? <Badge>You</Badge> : null}
            </span>
          ),
        },
        { key: 'cadence', header: 'How often', cell: ({ cadence }) => CADENCE_WORDS[cadence] },
        {
          key: 'sent',
          header: 'Sent last',
          cell: ({ sentSize, sentAt }) =>
            sentSize === null || sentAt === null ? (
              <span className="text-ink-3">Soon: within a few minutes</span>
            ) : (
              <span>
                {formatNumber(sentSize)} events
                <Time value={sentAt} className="block text-xs text-ink-2" />
              </span>
            ),
        },
        {
          key: 'attempts',
          header: 'Outcome',
          cell: ({ attempts }) => <Attempts attempts={attempts} isSubjectShown />,
        },
        {
          key: 'actions',
          header: 'Actions',
          isHeaderHidden: true,
          cell: ({ id, receiver }) => (
            <Form method="post">
              <input type="hidden" name="subscriptionId" value={id} />
              <Button type="submit" size="s" name="intent" value="end">
                End<span className="sr-only"> what goes to {receiver}</span>
              </Button>
            </Form>
          ),
        },
      ]}
    />
  )
}

export type ListedSubscription = {
  id: string
  receiver: string
  isOwn: boolean
  isWebhook: boolean
  cadence: keyof typeof CADENCE_WORDS
  sentSize: number | null
  sentAt: Date | null
  attempts: readonly Attempt[]
}
