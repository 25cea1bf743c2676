import { Form } from '@remix-run/react'
import { Time } from '../time/time.tsx'
import { Button, SubmitButton } from '../ui/button.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { type Attempt, Attempts } from './attempts.tsx'

/** Every webhook with what its latest test came to. */
export function WebhooksTable({ webhooks }: { webhooks: readonly Webhook[] }) {
  return (
    <DataTable
      caption="Webhooks"
      rows={webhooks}
      rowKey={webhook => webhook.id}
      empty={
        <EmptyState title="No webhook yet">
          Add one below to have checkpoints of the log posted to a place that you keep.
        </EmptyState>
      }
      columns={[
        {
          key: 'label',
          header: 'Name',
          isRowHeader: true,
          cell: ({ label, host }) => (
            <div>
              <span className="block">{label}</span>
              <span className="block text-xs font-normal break-all text-ink-2">{host}</span>
            </div>
          ),
        },
        { key: 'added', header: 'Added', cell: ({ createdAt }) => <Time value={createdAt} mode="date" /> },
        { key: 'tests', header: 'Test', cell: ({ tests }) => <Attempts attempts={tests} /> },
        { key: 'actions', header: 'Actions', isHeaderHidden: true, cell: row => <Actions {...row} /> },
      ]}
    />
  )
}

export type Webhook = { id: string; label: string; host: string; createdAt: Date; tests: readonly Attempt[] }

function Actions({ id, label }: Webhook) {
  return (
    <div className="grid gap-2">
      <Form method="post">
        <input type="hidden" name="webhookId" value={id} />
        <SubmitButton intent="test" variant="secondary" size="s" pendingLabel="Sending …">
          Send a test<span className="sr-only"> to {label}</span>
        </SubmitButton>
      </Form>
      <Disclosure summary="Remove">
        <Form method="post" className="grid gap-2">
          <input type="hidden" name="webhookId" value={id} />
          <p className="max-w-sm text-ink-2">
            Its address and signing secret are destroyed, and what is sent to it ends. What was sent stays in
            the audit trail.
          </p>
          <div>
            <Button type="submit" variant="danger" size="s" name="intent" value="remove">
              Remove {label}
            </Button>
          </div>
        </Form>
      </Disclosure>
    </div>
  )
}
