import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { Time } from '../time/time.tsx'
import { SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { ConfirmForm } from '../ui/confirm-form.tsx'
import { Consequences } from '../ui/consequences.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { FormError } from '../ui/form-error.tsx'
import { Attempts } from '../webhooks/attempts.tsx'
import { FORMAT_NAMES } from '../webhooks/formats.ts'
import type { AlertChannels, ChannelWebhook } from './answers.ts'
import { ChooseKinds } from './choose-kinds.tsx'

/** One webhook: what it gets, what came of it, a test, and its removal. */
export function WebhookCard({ webhook, kinds, refusal }: WebhookCardProps) {
  const { id, label, host, format, createdAt, causes, attempts } = webhook
  const removal = refusal?.intent === 'remove' ? refusal : undefined
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
        <Disclosure summary={`Remove ${label}`} isOpen={removal !== undefined}>
          <ConfirmForm
            word={label}
            intent="remove"
            submitLabel={`Remove ${label}`}
            hidden={{ webhookId: id }}
            error={removal?.fields.confirmation}
          >
            {removal && !removal.fields.confirmation ? <FormError message={removal.message} /> : null}
            <Consequences
              sides={[
                {
                  title: 'Destroyed, at once',
                  items: ['its address and signing secret', 'what is still to be sent to it'],
                },
                { title: 'Stays', items: ['what was sent, in the audit trail'] },
              ]}
            />
          </ConfirmForm>
        </Disclosure>
      </div>
    </Card>
  )
}

type WebhookCardProps = {
  webhook: ChannelWebhook
  kinds: AlertChannels['kinds']
  /** Of a form of this card that was sent last. */
  refusal: FormRefusal | undefined
}
