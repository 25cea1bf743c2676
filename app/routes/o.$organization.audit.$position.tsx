import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { EventDetail } from '../components/audit/event-detail.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { organizationScope } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  {
    title: `${data ? `${data.event.typeWords}, position ${data.event.position}` : 'Event'} · ${PRODUCT_NAME}`,
  },
]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  return loaderResult(
    request,
    context.caller.ledger.event({ ...organizationScope(request, params), position: params.position ?? '' }),
  )
}

export default function EventRoute() {
  return <EventDetail detail={useLoaderData<typeof loader>()} />
}
