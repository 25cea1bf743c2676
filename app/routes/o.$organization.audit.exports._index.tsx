import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { ExportsPage } from '../components/exports/exports-page.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { fieldText, formAction, readForm } from '../lib/form-action.ts'
import { organizationScope } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction = () => [{ title: `Exports · ${PRODUCT_NAME}` }]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  return loaderResult(request, context.caller.exports.list(organizationScope(request, params)))
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const form = await readForm(request)
  const organization = params.organization ?? ''
  return formAction(request, form, async () => {
    const { exportId } = await context.caller.exports.request({
      organization,
      // The procedure's schema is what checks it.
      scope: fieldText(form, 'intent') as 'organization' | 'period',
      from: fieldText(form, 'from'),
      to: fieldText(form, 'to'),
    })
    return redirect(`/o/${organization}/audit/exports/${exportId}`)
  })
}

export default function ExportsRoute() {
  return <ExportsPage list={useLoaderData<typeof loader>()} refusal={useActionData<typeof action>()} />
}
