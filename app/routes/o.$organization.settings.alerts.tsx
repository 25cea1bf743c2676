import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { MailCard } from '../components/alerts/mail-card.tsx'
import { OthersTable } from '../components/alerts/others-table.tsx'
import { WebhookCard } from '../components/alerts/webhook-card.tsx'
import { AsOfLink } from '../components/time/as-of-link.tsx'
import { TimeControl } from '../components/time/look-back.tsx'
import { OnlyNow } from '../components/time/only-now.tsx'
import { Card } from '../components/ui/card.tsx'
import { DoneNote } from '../components/ui/done-note.tsx'
import { FormError } from '../components/ui/form-error.tsx'
import { PageHeader } from '../components/ui/page-header.tsx'
import { AddWebhookForm } from '../components/webhooks/add-webhook-form.tsx'
import { SigningSecret } from '../components/webhooks/signing-secret.tsx'
import { useAsOf } from '../lib/as-of.ts'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { checkedNames, fieldText, formAction, readForm } from '../lib/form-action.ts'
import { useBase } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction = () => [{ title: `Where alerts go · ${PRODUCT_NAME}` }]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const organization = params.organization ?? ''
  const done = new URL(request.url).searchParams.get('done')
  return { ...(await loaderResult(request, context.caller.alerts.channels({ organization }))), done }
}

type Format = 'standard' | 'slack' | 'teams'
type Causes = Parameters<ActionFunctionArgs['context']['caller']['alerts']['chooseMail']>[0]['causes']

export async function action({ request, params, context }: ActionFunctionArgs) {
  const form = await readForm(request)
  const { webhooks, alerts } = context.caller
  const organization = params.organization ?? ''
  const webhookId = fieldText(form, 'webhookId')
  // The procedures' schemas are what checks both.
  const causes = checkedNames(form, 'cause-') as Causes
  const format = (fieldText(form, 'format') || 'standard') as Format
  const intent = fieldText(form, 'intent')
  const here = `/o/${organization}/settings/alerts`
  // The signing secret is shown in the answer to the form itself: it must not travel in an address.
  const shown: { signingSecret?: string } = {}
  const answer = await formAction(request, form, async () => {
    switch (intent) {
      case 'add': {
        const input = { organization, label: fieldText(form, 'label'), url: fieldText(form, 'url'), format }
        const { signingSecret } = await webhooks.add(input)
        if (format === 'standard') shown.signingSecret = signingSecret
        break
      }
      case 'choose_mail':
        await alerts.chooseMail({ organization, causes })
        break
      case 'choose_webhook':
        await alerts.chooseWebhook({ organization, webhookId, causes })
        break
      case 'test_mail':
        await alerts.testMail({ organization })
        break
      case 'test':
        await webhooks.test({ organization, webhookId })
        break
      default:
        await webhooks.remove({ organization, webhookId, confirmation: fieldText(form, 'confirmation') })
    }
    return redirect(`${here}?done=${encodeURIComponent(intent)}`)
  })
  return shown.signingSecret === undefined
    ? answer
    : data({ signingSecret: shown.signingSecret }, { headers: { 'Cache-Control': 'no-store' } })
}

export default function AlertSettings() {
  const { kinds, mail, webhooks, others, canManageWebhooks, done } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const base = useBase()
  const isPast = useAsOf() !== null
  const refusal = answer && 'fields' in answer ? answer : undefined
  return (
    <>
      <PageHeader
        title="Where alerts go"
        description="Every alert is on its page. Here is where else it goes: to mailboxes, chats and programs."
        right={
          <>
            <AsOfLink to={`${base}/alerts`} className="link">
              Alerts
            </AsOfLink>
            <TimeControl />
          </>
        }
      />
      {answer && 'signingSecret' in answer ? <SigningSecret value={answer.signingSecret} /> : null}
      {answer ? null : <DoneNote done={done} words={DONE} />}
      {refusal && refusal.intent !== 'add' && refusal.intent !== 'remove' ? (
        <FormError message={refusal.message} fieldErrors={refusal.fields} />
      ) : null}
      {isPast ? (
        <OnlyNow title="Where alerts go is kept as it is now">
          Which alerts there were at this moment is on the page Alerts. When a receiver was added or removed
          is in the audit trail.
        </OnlyNow>
      ) : (
        <>
          <MailCard kinds={kinds} mail={mail} />
          {others.length > 0 ? (
            <Card title="To mailboxes of others" id="others" isFlush>
              <OthersTable others={others} kinds={kinds} />
            </Card>
          ) : null}
          {webhooks.map(webhook => (
            <WebhookCard
              key={webhook.id}
              webhook={webhook}
              kinds={kinds}
              refusal={refusal?.values.webhookId === webhook.id ? refusal : undefined}
            />
          ))}
          {canManageWebhooks ? (
            <AddWebhookForm refusal={refusal?.intent === 'add' ? refusal : undefined} />
          ) : null}
        </>
      )}
    </>
  )
}

const DONE: Record<string, string> = {
  add: 'The webhook is added. Alerts go there from now on; send it a test.',
  remove: 'The webhook is removed, its address and secret destroyed.',
  choose_mail: 'Your choice is saved.',
  choose_webhook: 'The choice is saved.',
  test: 'The test was sent. What came of it is below.',
  test_mail: 'The test was sent. What came of it is below.',
}
