import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { Callout } from '../components/ui/callout.tsx'
import { Card } from '../components/ui/card.tsx'
import { FormError } from '../components/ui/form-error.tsx'
import { PageHeader } from '../components/ui/page-header.tsx'
import { AddWebhookForm } from '../components/webhooks/add-webhook-form.tsx'
import { SigningSecret } from '../components/webhooks/signing-secret.tsx'
import { WebhooksTable } from '../components/webhooks/webhooks-table.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { fieldText, formAction } from '../lib/form-action.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction = () => [{ title: `Webhooks · ${PRODUCT_NAME}` }]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const organization = params.organization ?? ''
  const done = new URL(request.url).searchParams.get('done')
  return { ...(await loaderResult(request, context.caller.webhooks.list({ organization }))), done }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const form = await request.formData()
  const { webhooks } = context.caller
  const organization = params.organization ?? ''
  const webhookId = fieldText(form, 'webhookId')
  const here = `/o/${organization}/settings/webhooks`
  // The signing secret is shown in the answer to the form itself: it must not travel in an address.
  const shown: { signingSecret?: string } = {}
  const answer = await formAction(request, form, async () => {
    switch (fieldText(form, 'intent')) {
      case 'add': {
        const input = { organization, label: fieldText(form, 'label'), url: fieldText(form, 'url') }
        shown.signingSecret = (await webhooks.add(input)).signingSecret
        return redirect(`${here}?done=add`)
      }
      case 'test':
        await webhooks.test({ organization, webhookId })
        return redirect(here)
      default:
        await webhooks.remove({ organization, webhookId })
        return redirect(`${here}?done=remove`)
    }
  })
  return shown.signingSecret === undefined
    ? answer
    : data({ signingSecret: shown.signingSecret }, { headers: { 'Cache-Control': 'no-store' } })
}

export default function Webhooks() {
  const { webhooks, done } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const refusal = answer && 'fields' in answer ? answer : undefined
  return (
    <>
      <PageHeader
        title="Webhooks"
        description="Addresses of yours that signed messages are posted to: checkpoints of the log, for a start."
      />
      {answer && 'signingSecret' in answer ? <SigningSecret value={answer.signingSecret} /> : null}
      {done === 'remove' && !answer ? (
        <Callout tone="success">The webhook is removed, its address and secret destroyed.</Callout>
      ) : null}
      {refusal && refusal.intent !== 'add' ? (
        <FormError message={refusal.message} fieldErrors={refusal.fields} />
      ) : null}
      <Card isFlush>
        <WebhooksTable webhooks={webhooks} />
      </Card>
      <AddWebhookForm refusal={refusal?.intent === 'add' ? refusal : undefined} />
    </>
  )
}
