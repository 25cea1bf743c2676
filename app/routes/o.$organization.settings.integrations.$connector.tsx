import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { ConnectorPage } from '../components/connections/connector-page.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { fieldText, formAction, readForm } from '../lib/form-action.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.name ?? 'Integration'} · ${PRODUCT_NAME}` },
]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { organization = '', connector = '' } = params
  return loaderResult(request, context.caller.connectors.card({ organization, connector }))
}

/** Checks the form and sends the browser to the source's sign-in. */
export async function action({ request, params, context }: ActionFunctionArgs) {
  const form = await readForm(request)
  const { organization = '', connector = '' } = params
  return formAction(request, form, async () => {
    const { authorizeUrl } = await context.caller.connections.begin({
      organization,
      connector,
      externalTenantId: fieldText(form, 'externalTenantId'),
      clientId: fieldText(form, 'clientId'),
      clientSecret: fieldText(form, 'clientSecret'),
      secretExpiresOn: fieldText(form, 'secretExpiresOn'),
      cloud: fieldText(form, 'cloud'),
    })
    return redirect(authorizeUrl, 303)
  })
}

export default function Connector() {
  return <ConnectorPage card={useLoaderData<typeof loader>()} refusal={useActionData<typeof action>()} />
}
