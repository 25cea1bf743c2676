import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { ControlDetail } from '../components/controls/control-detail.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { explainAction } from '../lib/explain-action.ts'
import { organizationScope } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data ? `${data.id} ${data.title}` : 'Control'} · ${PRODUCT_NAME}` },
]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const cursor = new URL(request.url).searchParams.get('cursor')
  return loaderResult(
    request,
    context.caller.controls.get({
      ...organizationScope(request, params),
      controlId: params.control ?? '',
      ...(cursor ? { cursor } : {}),
    }),
  )
}

export const action = explainAction

export default function ControlRoute() {
  return <ControlDetail control={useLoaderData<typeof loader>()} explained={useActionData<typeof action>()} />
}
