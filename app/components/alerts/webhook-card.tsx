import { Form } from '@remix-run/react'
import { Time } from '../time/time.tsx'
import { Button, SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { Attempts } from '../webhooks/attempts.tsx'
import { FORMAT_NAMES } from '../webhooks/formats.ts'
import type { AlertChannels, ChannelWebhook } from './answers.ts'
import { ChooseKinds } from './choose-kinds.tsx'

/** One webhook: what it gets, what came of it, a test, and its removal. */
export function WebhookCard({ webhook, kinds }: { webhook: ChannelWebhook; kinds: AlertChannels['kinds'] }) {
  const { id, label, host, format, createdAt, causes, attempts } = webhook
  return (
    <Card title={label} id={`webhook-${id}`}>
      <p className="pb-3 text-s break-words text-ink-2">
        {FORMAT_NAMES[format]} at {host}, since <Time value={createdAt} mode="date" />. The whole address is
        sealed.
      </p>
      <Form method="post" className="grid gap-4">
        <input type="hidden" name="webhookId" value={id} />
        <ChooseKinds
          kinds={kinds}
          chosen={causes}
          legend={
            format === 'standard'
              ? 'Alerts that are posted here. Checkpoints are chosen in the audit trail.'
              : 'Alerts that are posted here.'
          }
        />
        <div className="flex flex-wrap items-center gap-3">
          <SubmitButton intent="choose_webhook">
            Save<span className="sr-only"> what goes to {label}</span>
          </SubmitButton>
          <SubmitButton intent="test" variant="secondary" pendingLabel="Sending …">
            Send a test<span className="sr-only"> to {label}</span>
          </SubmitButton>
        </div>
      </Form>
      <div className="mt-4 grid gap-3 text-s">
        <Attempts attempts={attempts} isSubjectShown />
        <Disclosure summary={`Remove ${label}`}>
          <Form method="post" className="grid gap-2">
            <input type="hidden" name="webhookId" value={id} />
            <p className="max-w-sm text-ink-2">
              Its address and signing secret are destroyed, and what is sent to it ends. What was sent stays
              in the audit trail.
            </p>
            <div>
              <Button type="submit" variant="danger" size="s" name="intent" value="remove">
                Remove {label}
              </Button>
            </div>
          </Form>
        </Disclosure>
      </div>
    </Card>
  )
}
