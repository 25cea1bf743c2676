import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { AuditNav } from '../components/audit/audit-nav.tsx'
import { SubscribeByMail, SubscribeWebhook } from '../components/subscriptions/subscribe-cards.tsx'
import { SubscriptionsTable } from '../components/subscriptions/subscriptions-table.tsx'
import { TimeControl } from '../components/time/look-back.tsx'
import { OnlyNow } from '../components/time/only-now.tsx'
import { Card } from '../components/ui/card.tsx'
import { DoneNote } from '../components/ui/done-note.tsx'
import { FormError } from '../components/ui/form-error.tsx'
import { PageHeader } from '../components/ui/page-header.tsx'
import { useAsOf } from '../lib/as-of.ts'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { fieldText, formAction, readForm } from '../lib/form-action.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction = () => [{ title: `Checkpoint subscriptions · ${PRODUCT_NAME}` }]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const organization = params.organization ?? ''
  const done = new URL(request.url).searchParams.get('done')
  return { ...(await loaderResult(request, context.caller.subscriptions.list({ organization }))), done }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const form = await readForm(request)
  const { subscriptions } = context.caller
  const organization = params.organization ?? ''
  const intent = fieldText(form, 'intent')
  // The procedure's schema is what checks it.
  const cadence = fieldText(form, 'cadence') as 'hourly' | 'daily'
  return formAction(request, form, async () => {
    if (intent === 'subscribe') await subscriptions.subscribe({ organization, cadence })
    else if (intent === 'subscribe_webhook') {
      const webhookId = fieldText(form, 'webhookId')
      await subscriptions.subscribeWebhook({ organization, webhookId, cadence })
    } else await subscriptions.end({ organization, subscriptionId: fieldText(form, 'subscriptionId') })
    return redirect(`/o/${organization}/audit/subscriptions?done=${encodeURIComponent(intent)}`)
  })
}

export default function Subscriptions() {
  const { subscriptions, webhooks, canManageWebhooks, done } = useLoaderData<typeof loader>()
  const refusal = useActionData<typeof action>()
  const isPast = useAsOf() !== null
  return (
    <>
      <PageHeader
        title="Checkpoint subscriptions"
        description="A checkpoint says how long the log was and what stood in it, signed. Copies outside this system are what makes rewriting it visible."
        right={<TimeControl />}
      />
      <AuditNav />
      {refusal ? null : <DoneNote done={done} words={DONE} />}
      {refusal ? <FormError message={refusal.message} fieldErrors={refusal.fields} /> : null}
      {isPast ? (
        <OnlyNow title="Subscriptions are kept as they are now">
          Checkpoints that were signed by this moment are on the page Checkpoints. What was delivered, and to
          whom, is in the audit trail.
        </OnlyNow>
      ) : (
        <>
          <Card isFlush>
            <SubscriptionsTable subscriptions={subscriptions} />
          </Card>
          <SubscribeByMail own={subscriptions.find(({ isOwn }) => isOwn)} />
          {canManageWebhooks ? (
            <SubscribeWebhook webhooks={webhooks} error={refusal?.fields.webhookId} />
          ) : null}
        </>
      )}
    </>
  )
}

const DONE: Record<string, string> = {
  subscribe: 'The next checkpoint goes to your mailbox.',
  subscribe_webhook: 'The next checkpoint goes to the webhook.',
  end: 'The subscription has ended.',
}
