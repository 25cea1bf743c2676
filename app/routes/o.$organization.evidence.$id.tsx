import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { EvidenceDetail } from '../components/evidence/evidence-detail.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { organizationScope } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  {
    title: `${data ? `${data.evidence.title}, position ${data.evidence.position}` : 'Evidence'} · ${PRODUCT_NAME}`,
  },
]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  return loaderResult(
    request,
    context.caller.evidence.get({ ...organizationScope(request, params), id: params.id ?? '' }),
  )
}

export default function EvidenceRowRoute() {
  return <EvidenceDetail evidence={useLoaderData<typeof loader>().evidence} />
}
