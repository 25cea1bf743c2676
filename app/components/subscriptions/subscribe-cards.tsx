import { Form } from '@remix-run/react'
import { useBase } from '../../lib/organization.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { CadenceField } from './cadence-field.tsx'
import type { ListedSubscription } from './subscriptions-table.tsx'

/** Sends the reader checkpoints by e-mail. */
export function SubscribeByMail({ own }: { own: ListedSubscription | undefined }) {
  return (
    <Card title="To my mailbox" id="mail">
      <p className="mb-3 max-w-prose text-s text-ink-2">
        Each mail carries the newest signed checkpoint as a file. Keep it where we cannot reach: with it,
        anybody can tell whether the log was rewritten since.
      </p>
      <Form method="post" className="flex flex-wrap items-end gap-3">
        <CadenceField id="mail-cadence" current={own?.cadence} />
        <SubmitButton intent="subscribe">{own ? 'Change it' : 'Subscribe'}</SubmitButton>
      </Form>
    </Card>
  )
}

/** Posts checkpoints to a webhook, for who may manage them. */
export function SubscribeWebhook({ webhooks, error }: SubscribeWebhookProps) {
  const base = useBase()
  return (
    <Card title="To a webhook" id="webhook">
      {webhooks.length === 0 ? (
        <p className="text-s text-ink-2">
          There is none yet.{' '}
          <AsOfLink to={`${base}/settings/alerts`} className="link">
            Add a webhook
          </AsOfLink>{' '}
          first: an archive with object lock behind it keeps checkpoints out of everybody’s reach.
        </p>
      ) : (
        <Form method="post" className="flex flex-wrap items-end gap-3">
          <SelectField
            name="webhookId"
            label="Webhook"
            required
            options={webhooks.map(({ id, label, host }) => ({
              value: id,
              label: label === host ? host : `${label} (${host})`,
            }))}
            error={error}
          />
          <CadenceField id="webhook-cadence" />
          <SubmitButton intent="subscribe_webhook">Subscribe it</SubmitButton>
        </Form>
      )}
    </Card>
  )
}

type SubscribeWebhookProps = {
  webhooks: readonly { id: string; label: string; host: string }[]
  error: string | undefined
}
