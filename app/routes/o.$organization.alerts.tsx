import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { AlertsPage } from '../components/alerts/alerts-page.tsx'
import { FormError } from '../components/ui/form-error.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { fieldText, formAction, readForm } from '../lib/form-action.ts'
import { organizationScope } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction = () => [{ title: `Alerts · ${PRODUCT_NAME}` }]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  return loaderResult(request, context.caller.alerts.list(organizationScope(request, params)))
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const form = await readForm(request)
  const organization = params.organization ?? ''
  return formAction(request, form, async () => {
    await context.caller.alerts.acknowledge({ organization, alertId: fieldText(form, 'alertId') })
    return redirect(`/o/${organization}/alerts`)
  })
}

export default function Alerts() {
  const list = useLoaderData<typeof loader>()
  const refusal = useActionData<typeof action>()
  return (
    <>
      {refusal ? <FormError message={refusal.message} fieldErrors={refusal.fields} /> : null}
      <AlertsPage list={list} />
    </>
  )
}
