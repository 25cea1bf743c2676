import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { EventDetail } from '../components/audit/event-detail.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { organizationScope } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  {
    title: `${data ? `${data.detail.event.typeWords}, position ${data.detail.event.position}` : 'Event'} · ${PRODUCT_NAME}`,
  },
]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const asked = { ...organizationScope(request, params), position: params.position ?? '' }
  const { ledger } = context.caller
  const [detail, inclusion] = await loaderResult(
    request,
    Promise.all([ledger.event(asked), ledger.inclusion(asked)]),
  )
  return { detail, inclusion }
}

export default function EventRoute() {
  return <EventDetail {...useLoaderData<typeof loader>()} />
}
