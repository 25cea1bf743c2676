import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { ConnectionView } from '../components/connections/connection-view.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { fieldText, formAction, readForm } from '../lib/form-action.ts'
import { organizationScope } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.page.connection.connector.name ?? 'Connection'} · ${PRODUCT_NAME}` },
]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const scope = { ...organizationScope(request, params), connectionId: params.connection ?? '' }
  const { searchParams } = new URL(request.url)
  const cursor = searchParams.get('cursor')
  const { connections, connectors } = context.caller
  const isPaged = cursor !== null && /^\d{1,15}$/.test(cursor)
  const [page, runs] = await loaderResult(
    request,
    Promise.all([
      connections.get(scope),
      connections.runs({ ...scope, limit: 12, ...(isPaged ? { cursor: Number(cursor) } : {}) }),
    ]),
  )
  const { organization } = scope
  const connector = page.connection.connector.id
  const card = await loaderResult(request, connectors.card({ organization, connector }))
  return {
    page,
    runs,
    isFirst: !isPaged,
    card,
    done: searchParams.get('done'),
    after: searchParams.get('after'),
  }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const form = await readForm(request)
  const { organization = '', connection: connectionId = '' } = params
  const { connections } = context.caller
  const target = { organization, connectionId }
  const here = `/o/${organization}/settings/integrations/connections/${connectionId}`
  return formAction(request, form, async () => {
    switch (fieldText(form, 'intent')) {
      case 'reauthorize':
        return redirect((await connections.reauthorize(target)).authorizeUrl, 303)
      case 'replace_secret':
        await connections.replaceSecret({
          ...target,
          clientSecret: fieldText(form, 'clientSecret'),
          secretExpiresOn: fieldText(form, 'secretExpiresOn'),
        })
        return redirect(`${here}?done=secret`, 303)
      case 'revoke':
        await connections.revoke({ ...target, confirmation: fieldText(form, 'confirmation') })
        return redirect(`${here}?done=revoked`, 303)
      default: {
        const { isQueued } = await connections.syncNow(target)
        const done = isQueued ? 'sync' : 'running'
        return redirect(`${here}?${new URLSearchParams({ done, after: fieldText(form, 'afterRun') })}`, 303)
      }
    }
  })
}

export default function Connection() {
  return <ConnectionView {...useLoaderData<typeof loader>()} refusal={useActionData<typeof action>()} />
}
